"""Pictures sorted by emotion or style: what decides a folder, and that nothing is lost or overwritten on the way."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from animegen.datasets.meanings import tables
from animegen.datasets.side_files import Entry
from animegen.datasets.sorting import Proposal, Reading, by_caption, move, propose
from animegen.datasets.tags import Tag
from animegen.errors import DatasetRefused
from animegen.messages import message

CAPTIONS = {
    "a": "1girl, long hair, smile, closed mouth",
    "b": "1girl, crying, tears",
    "c": "1boy, watercolor (medium), school uniform",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    for name, caption in CAPTIONS.items():
        Image.new("RGB", (8, 8)).save(path / f"{name}.png")
        (path / f"{name}.txt").write_text(caption)
    return path


def seen(**tags: float) -> Reading:
    return Reading(
        tags=[Tag(name=name.replace("_", " "), confidence=value) for name, value in tags.items()], source=message("x.y")
    )


def nothing(_: Entry) -> Reading:
    return Reading(tags=[], source=message("datasets.sort_tagger"))


def decide(caption: str, by: str, tmp_path: Path) -> Proposal:
    Image.new("RGB", (8, 8)).save(tmp_path / "x.png")
    (tmp_path / "x.txt").write_text(caption)
    (found,) = propose(tmp_path, by_caption(nothing), tables(by))
    return found


def proposals(folder: Path, by: str = "emotion") -> list[Proposal]:
    return list(propose(folder, by_caption(nothing), tables(by)))


def files(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("moves-")
    }


@pytest.mark.parametrize(
    ("caption", "folder"),
    [
        ("1girl, smile, closed mouth", "happy_anime"),
        ("very_happy, long_hair", "happy_anime"),
        ("1girl with a sad face", "sad_anime"),
        ("1girl, expressionless", "neutral_anime"),
        ("1girl, no smile, crying", "sad_anime"),
        ("1girl, unhappy", ""),
        ("1girl, blue hair", ""),
    ],
)
def test_an_emotion_is_found_by_the_words_of_the_caption(caption: str, folder: str, tmp_path: Path) -> None:
    assert decide(caption, "emotion", tmp_path).folder == folder


@pytest.mark.parametrize(
    ("caption", "folder"),
    [
        ("1girl, watercolor (medium)", "watercolor"),
        ("1girl, school_uniform", "school_uniform"),
        ("school uniform, serafuku, oil painting (medium)", "oil_painting"),
        ("1girl, none", ""),
    ],
)
def test_a_way_of_painting_comes_before_clothes(caption: str, folder: str, tmp_path: Path) -> None:
    assert decide(caption, "style", tmp_path).folder == folder


def test_the_reason_names_the_words_and_where_they_stand(tmp_path: Path) -> None:
    found = decide("1girl, smile, closed mouth", "emotion", tmp_path)
    assert (str(found.reason), found.confidence) == ("caption: smile", pytest.approx(0.6))


def test_emotions_of_equal_strength_are_undecided(tmp_path: Path) -> None:
    found = decide("smile, blush", "emotion", tmp_path)
    assert found.folder == ""
    assert str(found.reason) == "caption: happy_anime, embarrassed_anime are equally likely"


def test_a_picture_without_caption_is_read_otherwise(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "x.png")
    (found,) = propose(tmp_path, by_caption(lambda _: seen(smile=0.8, blush=0.4)), tables("emotion"))
    assert (found.folder, found.confidence) == ("happy_anime", pytest.approx(0.8 * 2 / 3))


def test_proposing_moves_nothing(folder: Path) -> None:
    before = files(folder)
    assert [each.folder for each in proposals(folder)] == ["happy_anime", "sad_anime", ""]
    assert files(folder) == before


def test_a_picture_moves_with_all_that_belongs_to_it(folder: Path) -> None:
    for end in ("caption", "json"):
        (folder / f"a.{end}").write_text("{}")
    before = files(folder)
    move(proposals(folder), folder)
    after = files(folder)
    assert set(after) == {
        *("happy_anime/a.png", "happy_anime/a.txt", "happy_anime/a.caption", "happy_anime/a.json"),
        *("sad_anime/b.png", "sad_anime/b.txt", "c.png", "c.txt"),
    }
    assert {Path(name).name: content for name, content in after.items()} == before


def test_pictures_can_move_to_another_place(folder: Path, tmp_path: Path) -> None:
    move(proposals(folder, "style"), tmp_path / "sorted")
    assert set(files(tmp_path / "sorted")) == {"watercolor/c.png", "watercolor/c.txt"}


def test_the_record_undoes_the_moves(folder: Path) -> None:
    before = files(folder)
    record = move(proposals(folder), folder)
    for each in json.loads(record.read_text())["moves"]:
        (folder / each["to"]).rename(folder / each["from"])
    assert files(folder) == before


def test_a_record_is_never_overwritten(folder: Path) -> None:
    first, second = (move(proposals(folder, by), folder) for by in ("emotion", "style"))
    assert [first.name, second.name] == ["moves-001.json", "moves-002.json"]


def test_where_a_file_is_in_the_way_nothing_moves_and_it_is_named(folder: Path) -> None:
    (folder / "sad_anime").mkdir()
    (folder / "sad_anime" / "b.txt").write_text("another")
    before = files(folder)
    with pytest.raises(DatasetRefused, match=r"Nothing was moved.*sad_anime/b\.txt;"):
        move(proposals(folder), folder)
    assert files(folder) == before


def test_what_stops_halfway_is_one_sentence_and_the_record_is_there(folder: Path) -> None:
    (folder / "sad_anime").write_text("a file where a folder has to be")
    with pytest.raises(DatasetRefused, match=r"Cannot move .*b\.png .*moves-001\.json"):
        move(proposals(folder), folder)
    assert (folder / "happy_anime" / "a.png").exists()
    assert (folder / "b.png").exists()


def test_a_picture_or_a_caption_that_cannot_be_read_is_undecided_with_the_reason(folder: Path) -> None:
    (folder / "a.txt").write_bytes("笑顔".encode("cp932"))
    (folder / "b.txt").write_text("")
    (folder / "b.png").write_bytes(b"no picture")

    def read(entry: Entry) -> Reading:
        from animegen.datasets.pictures import open_still

        open_still(entry.picture)
        return seen(smile=1)

    found = list(propose(folder, by_caption(read), tables("emotion")))
    assert [each.folder for each in found] == ["", "", ""]
    assert [each.reason.id for each in found[:2]] == ["datasets.not_utf8", "pictures.not_a_picture"]


def test_pictures_that_share_a_caption_are_undecided(folder: Path) -> None:
    Image.new("RGB", (8, 8)).save(folder / "a.jpg")
    assert [each.reason.id for each in proposals(folder)][:2] == ["datasets.same_name"] * 2


def test_pictures_in_sub_folders_stay_where_they_are(folder: Path) -> None:
    move(proposals(folder), folder)
    assert [each.entry.picture.name for each in proposals(folder)] == ["c.png"]


def test_a_folder_without_pictures_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetRefused, match="There is no picture directly in"):
        list(propose(tmp_path, nothing, tables("style")))
