"""`animegen dataset tag`, `sort` and `collect`: what is said, and with which exit code."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from animegen.datasets import collecting
from animegen.errors import ModelUnavailable
from animegen.models import tagger
from animegen.models.cache import Source
from tests.booru import Answer, Booru, serving
from tests.hub.server import Hub


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("blue", "red"):
        Image.new("RGB", (8, 8), name).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def colour_tagger(hub: Hub, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tagger of a Hub of our own is the one that the command line loads."""
    pytest.importorskip("onnx", reason="the extra `tagging` and its tests are not installed")
    from tests import colours

    hub.publish("mika/colours", colours.repository())
    load = tagger.load
    monkeypatch.setattr(tagger, "load", lambda model: load(model, source))


def test_captions_are_written_and_counted(say, pictures: Path, colour_tagger: None) -> None:
    said = say("dataset", "tag", str(pictures), "--model", "mika/colours", "--trigger", "mika", "--exclude", ">_<,x")
    assert said.code == 0
    assert said.out.splitlines() == [
        "blue.png: mika, blue background",
        "red.png: mika, red background, hatsune miku (append)",
        "2 captions written, 0 pictures had one already, 0 failed.",
    ]
    assert (pictures / "blue.txt").read_text() == "mika, blue background\n"


def test_where_every_picture_has_a_caption_no_tagger_is_loaded(say, pictures: Path, monkeypatch) -> None:
    def load(_: str) -> None:
        raise ModelUnavailable("datasets.tag_extra")

    monkeypatch.setattr(tagger, "load", load)
    for name in ("blue", "red"):
        (pictures / f"{name}.txt").write_text(name)
    said = say("dataset", "tag", str(pictures))
    assert (said.code, said.out) == (0, "0 captions written, 2 pictures had one already, 0 failed.\n")


def test_a_picture_without_a_caption_fails_and_is_said_on_stderr(say, pictures: Path, colour_tagger: None) -> None:
    said = say("dataset", "tag", str(pictures), "--model", "mika/colours", "--exclude", "blue_background", "--dry-run")
    assert said.code == 1
    assert said.err.splitlines()[-1].startswith("blue.png: No tag is left above the threshold")
    assert said.out.endswith("1 captions would be written, 0 pictures have one already, 1 fail.\n")
    assert not list(pictures.glob("*.txt"))


def test_without_onnxruntime_one_sentence_says_how_to_install_it(say, pictures: Path, monkeypatch) -> None:
    monkeypatch.setattr(tagger, "installed", lambda: False)
    said = say("dataset", "tag", str(pictures))
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "pip install" in said.err


@pytest.fixture
def captioned(pictures: Path) -> Path:
    (pictures / "blue.txt").write_text("1girl, crying")
    (pictures / "red.txt").write_text("1girl, red hair")
    return pictures


def test_folders_are_proposed_with_reasons_and_nothing_moves(say, captioned: Path) -> None:
    said = say("dataset", "sort", str(captioned), "--by", "emotion")
    _, blue, red, summary = said.out.splitlines()
    assert blue.split() == ["blue.png", "sad_anime", "100%", "caption:", "crying"]
    assert red.split() == ["red.png", "-", "caption:", "no", "tag", "names", "one"]
    assert summary == "1 of 2 pictures would be moved; nothing was moved yet: add `--apply` to do it."
    assert len(list(captioned.iterdir())) == 4


def test_pictures_move_on_request_and_the_record_is_named(say, captioned: Path, tmp_path: Path) -> None:
    said = say("dataset", "sort", str(captioned), "--by", "emotion", "--apply", "--out", str(tmp_path / "out"))
    record = tmp_path / "out" / "moves-001.json"
    assert said.out.endswith(f"1 of 2 pictures were moved with their captions; all moves are listed in {record}.\n")
    assert (tmp_path / "out" / "sad_anime" / "blue.txt").read_text() == "1girl, crying"


def test_a_picture_without_caption_is_sorted_by_the_tagger(say, pictures: Path, colour_tagger: None) -> None:
    said = say("dataset", "sort", str(pictures), "--by", "style", "--model", "mika/colours")
    assert "tagger: no tag names one" in said.out


@pytest.mark.parametrize("words", [[], ["--by", "colour"]])
def test_what_decides_the_folder_must_be_named(say, pictures: Path, words: list[str]) -> None:
    assert say("dataset", "sort", str(pictures), *words).code == 2


@pytest.fixture
def booru(monkeypatch: pytest.MonkeyPatch) -> Iterator[Booru]:
    """A booru of our own with two pictures, which nobody waits for."""
    monkeypatch.setattr(collecting, "Client", partial(collecting.Client, sleep=lambda _: None))
    with serving() as served:
        served.add()
        served.add()
        yield served


def test_pictures_are_collected_counted_and_said_to_be_their_artists(say, booru: Booru, tmp_path: Path) -> None:
    for _ in range(3):
        booru.add(rating="q")
    said = say("dataset", "collect", "1girl", "--out", str(tmp_path), "--site", booru.url)
    newer, older, left_out, summary, rights = said.out.splitlines()
    assert said.code == 0
    assert (newer, older) == (f"1/100 {booru.posts[1]['md5']}.png", f"2/100 {booru.posts[0]['md5']}.png")
    assert left_out == "Left out: 3 posts. Its rating is higher than general."
    assert summary == "2 pictures collected, 0 were here already, 0 failed."
    assert rights.startswith("The pictures belong to their artists")


def test_a_post_that_failed_is_listed_at_the_end(say, booru: Booru, tmp_path: Path) -> None:
    booru.faults[f"/data/{booru.posts[1]['md5']}.png"] = [Answer(403)]
    said = say("dataset", "collect", "1girl", "--out", str(tmp_path), "--site", booru.url)
    assert said.code == 1
    assert said.err == f"Failed: {booru.url}/posts/2: localhost refuses (403: Forbidden).\n"
    assert "1 pictures collected, 0 were here already, 1 failed." in said.out


@pytest.mark.parametrize("rating", ["questionable", "explicit", "g"])
def test_no_other_rating_can_be_requested(say, tmp_path: Path, rating: str) -> None:
    assert say("dataset", "collect", "1girl", "--out", str(tmp_path), "--rating", rating).code == 2


def test_a_site_that_is_none_is_one_sentence(say, tmp_path: Path) -> None:
    said = say("dataset", "collect", "1girl", "--out", str(tmp_path), "--site", "danboru")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
