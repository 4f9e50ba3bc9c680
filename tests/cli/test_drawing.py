"""`animegen text-to-image`: what is asked reaches the studio, and what comes back reaches the disk and the terminal."""

from pathlib import Path

import pytest
from PIL import Image

from animegen.errors import DrawingFailed
from animegen.messages import message
from animegen.pictures.files import open_picture
from animegen.pictures.infotext import read, to_task
from animegen.pictures.metadata import parameters
from animegen.tasks import TextToImage


def test_bare_words_ask_for_the_tasks_own_defaults(say, studio, tmp_path: Path) -> None:
    assert say("text-to-image", "1girl, smile", "--out", str(tmp_path)).code == 0
    assert studio.tasks == [TextToImage(prompt="1girl, smile")]


def test_every_option_reaches_the_task(say, studio, tmp_path: Path) -> None:
    options = {
        "negative_prompt": "hat", "emotion": "sad", "emotion_strength": 0.5, "hair_style": "bob",
        "hair_colour": "pink", "outfit": "hoodie", "style": "casual", "quality": "high",
        "preset": "fast", "final_prompt": "1boy", "steps": 9, "guidance_scale": 3.5, "sampler": "Euler",
        "width": 64, "height": 96, "count": 2, "seed": 42,
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    assert say("text-to-image", "1girl", *words, "--out", str(tmp_path)).code == 0
    assert studio.tasks == [TextToImage(prompt="1girl", **options)]


def test_a_seed_of_minus_one_is_unset(say, studio, tmp_path: Path) -> None:
    say("text-to-image", "1girl", "--seed", "-1", "--out", str(tmp_path))
    assert studio.tasks[0].seed is None


def test_each_picture_gets_a_line_with_its_seed_and_its_file(say, tmp_path: Path) -> None:
    lines = say("text-to-image", "1girl", "--seed", "42", "--count", "3", "--out", str(tmp_path)).out.splitlines()
    assert [line.split()[:2] for line in lines] == [["seed", "42"], ["seed", "43"], ["seed", "44"]]
    assert {Path(line.split("  ", 1)[1]) for line in lines} == set(tmp_path.glob("*.png"))


def test_the_seed_that_was_chosen_is_told(say, tmp_path: Path) -> None:
    assert say("text-to-image", "1girl", "--out", str(tmp_path)).out.startswith("seed 7 ")


def test_a_picture_carries_its_parameters(say, tmp_path: Path) -> None:
    say("text-to-image", "1girl, smile", "--seed", "42", "--out", str(tmp_path))
    (file,) = tmp_path.glob("*.png")
    with Image.open(file) as picture:
        assert "Seed: 42" in picture.info["parameters"]


def test_drawing_again_overwrites_nothing(say, tmp_path: Path) -> None:
    for _ in range(2):
        say("text-to-image", "1girl", "--seed", "42", "--out", str(tmp_path))
    assert len(list(tmp_path.glob("*.png"))) == 2


def test_a_note_is_told_once_on_stderr(say, studio, tmp_path: Path) -> None:
    studio.note = "The word 'dragon' is unknown."
    assert say("text-to-image", "1girl", "--count", "2", "--out", str(tmp_path)).err.count(studio.note) == 1


def test_a_missing_folder_is_made(say, tmp_path: Path) -> None:
    say("text-to-image", "1girl", "--out", str(tmp_path / "new" / "folder"))
    assert len(list((tmp_path / "new" / "folder").glob("*.png"))) == 1


def test_a_folder_that_cannot_be_made_is_told_before_drawing(say, studio, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = say("text-to-image", "1girl", "--out", str(tmp_path / "file" / "below"))
    assert (said.code, studio.tasks) == (1, [])
    assert said.err.count("\n") == 1
    assert "--out" in said.err


def test_ctrl_c_frees_the_studio_and_says_so(say, studio, tmp_path: Path) -> None:
    studio.interrupt = True
    said = say("text-to-image", "1girl", "--out", str(tmp_path))
    assert (said.code, studio.freed, said.out) == (130, True, "")
    assert said.err == "Stopped; 0 of 1 pictures are saved.\n"


def test_an_error_while_drawing_is_one_sentence(say, studio, tmp_path: Path) -> None:
    studio.failure = DrawingFailed("pipelines.out_of_memory")
    said = say("text-to-image", "1girl", "--out", str(tmp_path))
    assert (said.code, said.out, said.err) == (1, "", f"{message('pipelines.out_of_memory')}\n")


@pytest.mark.parametrize(
    "words",
    [
        [""],
        ["x" * 10_000],
        ["1girl", "--steps", "1000"],
        ["1girl", "--width", "1"],
        ["1girl", "--count", "0"],
        ["1girl", "--count", "17"],
        ["1girl", "--seed", "-2"],
        ["1girl", "--seed", str(2**40)],
        ["1girl", "--guidance-scale", "nan"],
        ["1girl", "--emotion-strength", "1.5"],
    ],
    ids=lambda words: " ".join(words)[:40] or "nothing",
)
def test_a_value_out_of_range_is_one_sentence_and_draws_nothing(say, studio, tmp_path: Path, words: list[str]) -> None:
    said = say("text-to-image", *words, "--out", str(tmp_path))
    assert (said.code, said.out, studio.tasks, list(tmp_path.iterdir())) == (1, "", [], [])
    assert said.err.count("\n") == 1
    assert said.err.endswith(".\n")


@pytest.mark.parametrize(
    "words",
    [[], ["1girl", "--steps", "ten"], ["1girl", "--seed", "1.5"], ["1girl", "--colour", "red"], ["1girl", "2girls"]],
)
def test_bad_usage_leaves_with_code_two_and_draws_nothing(say, studio, words: list[str]) -> None:
    said = say("text-to-image", *words)
    assert (said.code, studio.tasks) == (2, [])
    assert said.err


def test_loras_are_named_one_by_one(say, studio, tmp_path: Path) -> None:
    assert say("text-to-image", "1girl", "--lora", "ink:0.8", "--lora", "soft", "--out", str(tmp_path)).code == 0
    assert studio.tasks == [TextToImage(prompt="1girl", loras=("ink:0.8", "soft"))]


def test_a_picture_whose_settings_no_jpeg_can_hold_is_kept_as_a_png_and_the_others_follow(say, tmp_path: Path) -> None:
    words = " " + "\x1f" * 3_998 + ","  # each stands as six letters in the settings, twice
    said = say("text-to-image", words, "--format", "jpg", "--count", "2", "--out", str(tmp_path))
    assert said.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00001-7.png", "00002-8.png"]
    assert said.err.count("too long for a JPEG; choose png or webp. This one is kept as a PNG.") == 2
    with Image.open(tmp_path / "00001-7.png") as image:
        assert to_task(read(image.info["parameters"]))[0].final_prompt == words


def test_the_longest_settings_fit_into_a_webp(say, tmp_path: Path) -> None:
    words = " " + "\x1f" * 3_998 + ","
    assert say("text-to-image", words, "--format", "webp", "--out", str(tmp_path)).code == 0
    (file,) = tmp_path.iterdir()
    assert to_task(read(parameters(open_picture(file)) or ""))[0].final_prompt == words
