"""The verbs that begin with a picture: the file is opened, the task is built, and the pictures are saved."""

from pathlib import Path

import pytest
from PIL import Image

from animegen.tasks import Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage


@pytest.fixture
def girl(tmp_path: Path) -> Path:
    path = tmp_path / "girl.jpg"
    Image.new("RGB", (64, 96), "pink").save(path)
    return path


def test_a_picture_is_drawn_anew_without_a_word(say, studio, girl: Path, tmp_path: Path) -> None:
    said = say("image-to-image", str(girl), "--emotion", "angry", "--strength", "0.6", "--out", str(tmp_path / "out"))
    assert said.code == 0
    (task,) = studio.tasks
    assert isinstance(task, ImageToImage)
    assert (task.image.size, task.prompt, task.emotion, task.strength) == ((64, 96), "", "angry", 0.6)
    assert len(list((tmp_path / "out").glob("*.png"))) == 1


def test_words_may_follow_the_picture(say, studio, girl: Path, tmp_path: Path) -> None:
    say("image-to-image", str(girl), "1girl, blue hair", "--out", str(tmp_path))
    assert studio.tasks[0].prompt == "1girl, blue hair"


def test_the_saved_picture_tells_its_strength(say, girl: Path, tmp_path: Path) -> None:
    say("image-to-image", str(girl), "--strength", "0.4", "--out", str(tmp_path))
    (file,) = tmp_path.glob("*.png")
    with Image.open(file) as picture:
        assert "Denoising strength: 0.4" in picture.info["parameters"]


@pytest.mark.parametrize("words", [[], ["missing.png"], ["."], ["girl.jpg", "--strength", "half"]])
def test_bad_usage_leaves_with_code_two(say, studio, girl: Path, monkeypatch, words: list[str]) -> None:
    monkeypatch.chdir(girl.parent)
    assert (say("image-to-image", *words).code, studio.tasks) == (2, [])


def test_what_is_no_picture_is_one_sentence(say, studio, tmp_path: Path) -> None:
    (tmp_path / "girl.png").write_text("<html>")
    said = say("image-to-image", str(tmp_path / "girl.png"), "--out", str(tmp_path))
    assert (said.code, studio.tasks, said.err.count("\n")) == (1, [], 1)
    assert "not a picture" in said.err


def test_a_picture_with_broken_exif_is_drawn_as_it_lies(say, studio, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    Image.new("RGB", (64, 96), "red").save(broken, exif=b"Exif\0\0\xff\xff\xff\xff\0\0\0\x08")
    said = say("image-to-image", str(broken), "--out", str(tmp_path))
    assert (said.code, studio.tasks[0].image.size) == (0, (64, 96))


def test_a_picture_of_121_million_pixels_is_one_sentence(say, studio, tmp_path: Path) -> None:
    Image.new("1", (11_000, 11_000)).save(tmp_path / "large.png")
    said = say("image-to-image", str(tmp_path / "large.png"), "--out", str(tmp_path))
    assert (said.code, studio.tasks, said.err.count("\n")) == (1, [], 1)
    assert "11000x11000" in said.err


def test_a_strength_out_of_range_is_one_sentence(say, studio, girl: Path, tmp_path: Path) -> None:
    said = say("image-to-image", str(girl), "--strength", "2", "--out", str(tmp_path))
    sentence = "Denoising strength: 2.0 is out of range; choose a number from 0 to 1.\n"
    assert (said.code, studio.tasks, said.err) == (1, [], sentence)


# Edges


def test_a_picture_gives_its_edges(say, studio, girl: Path, tmp_path: Path) -> None:
    said = say("canny", str(girl), "1girl", "--image-kind", "sketch", "--end", "0.6", "--out", str(tmp_path / "out"))
    assert said.code == 0
    (task,) = studio.tasks
    assert isinstance(task, Canny)
    assert (task.image.size, task.prompt, task.image_kind, task.end) == ((64, 96), "1girl", "sketch", 0.6)
    assert (task.low_threshold, task.high_threshold, task.conditioning_scale, task.start) == (100, 200, 0.8, 0.0)
    (file,) = (tmp_path / "out").glob("*.png")
    with Image.open(file) as picture:
        assert "Task: canny" in picture.info["parameters"]


def test_a_threshold_out_of_range_is_one_sentence(say, studio, girl: Path, tmp_path: Path) -> None:
    said = say("canny", str(girl), "--low-threshold", "0", "--out", str(tmp_path))
    assert (said.code, studio.tasks, said.err.count("\n")) == (1, [], 1)


# Frames


def test_a_path_is_asked_for_in_words(say, studio, tmp_path: Path) -> None:
    said = say("emotion-path", "1girl", "--from", "happy", "--to", "sad", "--frames", "5", "--out", str(tmp_path))
    assert said.code == 0
    assert studio.tasks == [EmotionPath(prompt="1girl", from_emotion="happy", to_emotion="sad", frames=5)]


def test_a_path_may_begin_with_a_picture(say, studio, girl: Path, tmp_path: Path) -> None:
    assert say("emotion-path", "--image", str(girl), "--strength", "0.5", "--out", str(tmp_path)).code == 0
    (task,) = studio.tasks
    assert (task.image.size, task.prompt, task.strength, task.frames) == ((64, 96), "", 0.5, 9)


def test_a_path_leaves_its_frames_and_a_bar_that_draws_them_all_again(say, tmp_path: Path) -> None:
    said = say("emotion-path", "1girl", "--frames", "3", "--seed", "42", "--out", str(tmp_path))
    *frames, bar = said.out.splitlines()
    assert [line[:7] for line in frames] == ["seed 42"] * 3
    assert bar.startswith("bar  ")
    with Image.open(bar.removeprefix("bar  ")) as image:
        assert image.size == (192, 64)
        assert "Frames: 3, Frame: 0" in image.info["parameters"]


@pytest.mark.parametrize("kind", ["gif", "webp", "mp4", "zip"])
def test_a_film_is_made_of_the_frames(say, studio, girl: Path, tmp_path: Path, kind: str) -> None:
    words = ["--emotions", "happy,sad", "--film", kind, "--frame-rate", "12", "--no-ping-pong", "--seed", "42"]
    said = say("animation", str(girl), *words, "--out", str(tmp_path / "out"))
    assert said.code == 0
    (task,) = studio.tasks
    assert isinstance(task, Animation)
    assert (task.emotions, task.frames) == (("happy", "sad"), 12)
    (made,) = (tmp_path / "out").glob(f"*.{kind}")
    assert said.out.splitlines()[-1] == f"film  {made}"
    assert len(list((tmp_path / "out").glob("*.png"))) == 12


def test_an_animation_is_a_gif_and_a_path_no_film_where_nobody_says(say, girl: Path, tmp_path: Path) -> None:
    say("animation", str(girl), "--out", str(tmp_path / "one"))
    say("emotion-path", "1girl", "--out", str(tmp_path / "other"))
    assert [path.suffix for path in (tmp_path / "one").iterdir() if path.suffix != ".png"] == [".gif"]
    assert {path.suffix for path in (tmp_path / "other").iterdir()} == {".png"}


@pytest.mark.parametrize(
    "words",
    [
        ["animation", "girl.jpg", "--frames", "40"],
        ["animation", "girl.jpg", "--frame-rate", "0"],
        ["emotion-path"],
        ["emotion-path", "1girl", "--from", "happy,sad", "--to", "calm"],
    ],
    ids=" ".join,
)
def test_frames_that_cannot_be_are_one_sentence_before_anything_is_drawn(
    say, studio, girl: Path, monkeypatch, words: list[str]
) -> None:
    monkeypatch.chdir(girl.parent)
    said = say(*words)
    assert (said.code, said.out, studio.tasks, said.err.count("\n")) == (1, "", [], 1)


@pytest.mark.parametrize("words", [["animation"], ["animation", "girl.jpg", "--ping", "pong"]], ids=" ".join)
def test_bad_usage_of_a_film_leaves_with_code_two(say, studio, girl: Path, monkeypatch, words: list[str]) -> None:
    monkeypatch.chdir(girl.parent)
    assert (say(*words).code, studio.tasks) == (2, [])


# Sheets


def test_a_sheet_is_a_page_and_a_folder_for_a_game(say, studio, tmp_path: Path) -> None:
    words = ["--emotions", "neutral,happy", "--character", "mika", "--seed", "42", "--transparent"]
    said = say("expression-sheet", "1girl", *words, "--out", str(tmp_path))
    assert studio.tasks == [
        ExpressionSheet(prompt="1girl", emotions="neutral,happy", character="mika", seed=42, transparent=True)
    ]
    page, folder = said.out.splitlines()
    assert page == f"seed 42  {tmp_path / '00001-42.png'}"
    assert folder == f"sprites  {tmp_path / '00002-mika'}"
    made = sorted(str(path.relative_to(tmp_path / "00002-mika")) for path in tmp_path.rglob("*mika*.*"))
    assert made == ["images/mika_happy.png", "images/mika_neutral.png", "mika.rpy"]


def test_a_sheet_may_be_packed_and_nothing_is_overwritten(say, tmp_path: Path) -> None:
    for _ in range(2):
        said = say("expression-sheet", "1girl", "--zip", "--out", str(tmp_path))
        assert said.code == 0
    assert len(list(tmp_path.glob("*-character.zip"))) == 2
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_a_name_that_no_game_can_use_is_one_sentence_before_anything_is_drawn(say, studio, tmp_path: Path) -> None:
    said = say("expression-sheet", "1girl", "--character", "../mika", "--out", str(tmp_path / "new"))
    assert (said.code, studio.tasks, said.err.count("\n")) == (1, [], 1)
    assert not (tmp_path / "new").exists()
