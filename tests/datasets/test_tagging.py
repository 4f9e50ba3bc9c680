"""Captions of tags: what stands in them, whose they may replace, and what becomes of pictures that cannot be read."""

from pathlib import Path

import pytest
from PIL import Image

from animegen.datasets.tagging import Captioned, Wishes, tag
from animegen.datasets.tags import Tag, compose_caption, spell
from animegen.errors import DatasetRefused
from animegen.messages import message

TAGS = [Tag(name="smile", confidence=0.5), Tag(name="1girl", confidence=0.9), Tag(name="blue eyes", confidence=0.7)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "36_mika/b.PNG", "36_mika/c.png"):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), "pink").save(path)
    return tmp_path / "data"


def captioned(folder: Path, **wishes) -> list[Captioned]:
    return list(tag(folder, lambda _: TAGS, Wishes(**wishes)))


def texts(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.rglob("*.txt")}


@pytest.mark.parametrize(
    ("tag", "words"),
    [("long_hair", "long hair"), (">_<", ">_<"), ("o_o", "o_o"), ("hatsune_miku_(append)", "hatsune miku (append)")],
)
def test_underscores_are_spaces_but_in_faces(tag: str, words: str) -> None:
    assert spell(tag) == words


def test_the_trigger_comes_first_and_then_the_surest_tags() -> None:
    assert compose_caption(TAGS, trigger="mika") == "mika, 1girl, blue eyes, smile"


def test_excluded_tags_are_left_out_in_either_spelling() -> None:
    assert compose_caption(TAGS, exclude=("Blue_Eyes", "1girl")) == "smile"


def test_a_tag_that_is_the_trigger_is_not_repeated() -> None:
    assert compose_caption(TAGS, trigger="smile") == "smile, 1girl, blue eyes"


def test_every_picture_of_the_folder_and_its_sub_folders_gets_a_caption_beside_it(folder: Path) -> None:
    assert [each.done for each in captioned(folder)] == ["written"] * 3
    assert texts(folder) == dict.fromkeys("abc", "1girl, blue eyes, smile\n")
    assert (folder / "36_mika" / "b.txt").exists()


@pytest.mark.parametrize("end", [".txt", ".caption", ".TXT"])
def test_a_caption_that_is_there_is_kept(folder: Path, end: str) -> None:
    kept = (folder / "a.png").with_suffix(end)
    kept.write_text("by hand")
    assert captioned(folder)[-1].done == "kept"
    assert kept.read_text() == "by hand"


def test_a_caption_is_replaced_on_request_only(folder: Path) -> None:
    (folder / "a.txt").write_text("by hand")
    captioned(folder, overwrite=True)
    assert texts(folder)["a"] == "1girl, blue eyes, smile\n"


def test_a_second_run_goes_on_where_the_first_was_stopped(folder: Path) -> None:
    first = tag(folder, lambda _: TAGS, Wishes())
    next(first)
    first.close()
    assert [each.done for each in captioned(folder)] == ["kept", "written", "written"]


def test_a_dry_run_shows_captions_and_writes_none(folder: Path) -> None:
    assert {each.caption for each in captioned(folder, write=False)} == {"1girl, blue eyes, smile"}
    assert texts(folder) == {}


def test_nothing_but_captions_is_left_behind(folder: Path) -> None:
    before = set(folder.rglob("*"))
    captioned(folder)
    assert {path.name for path in set(folder.rglob("*")) - before} == {"a.txt", "b.txt", "c.txt"}


def test_a_picture_that_is_none_is_named_and_the_others_are_captioned(folder: Path) -> None:
    (folder / "36_mika" / "c.png").write_bytes(b"no picture")
    found = {each.picture.name: each for each in captioned(folder)}
    assert (found["c.png"].done, found["c.png"].reason) == ("failed", message("pictures.not_a_picture"))
    assert set(texts(folder)) == {"a", "b"}


def test_pictures_that_would_share_a_caption_get_none(folder: Path) -> None:
    Image.new("RGB", (8, 8)).save(folder / "a.jpg")
    assert [each.picture.name for each in captioned(folder) if each.done == "failed"] == ["a.jpg", "a.png"]
    assert "a" not in texts(folder)


def test_no_caption_is_written_where_no_tag_is_sure(folder: Path) -> None:
    (first, *_) = tag(folder, lambda _: [], Wishes(trigger="mika"))
    assert first.done == "failed"
    assert "lower `--threshold`" in str(first.reason)
    assert texts(folder) == {}


def test_a_folder_without_pictures_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetRefused, match=f"There is no picture in {tmp_path}"):
        list(tag(tmp_path, lambda _: TAGS, Wishes()))


def test_a_caption_that_cannot_be_written_is_one_sentence_with_its_name(folder: Path) -> None:
    (folder / "36_mika" / "b.txt").mkdir()
    with pytest.raises(DatasetRefused, match=r"Cannot write .*b\.txt"):
        captioned(folder)
