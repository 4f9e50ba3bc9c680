"""The pickers' pictures: what is committed, and what the page does where a sheet is missing."""

import json
from pathlib import Path

import pytest
from PIL import Image

from animegen.messages import table
from animegen.prompts.styles import drawable
from animegen.ui import tiles
from animegen.ui.choices import names
from animegen.ui.controls import EMOTION, LOOKS, PICTURED

CHIBI = drawable("chibi")
KINDS = (*EMOTION, *LOOKS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sheets in the index, of which one is there."""
    (tmp_path / "sheets.json").write_text(json.dumps({"emotion": ["none", "happy"], "outfit": ["none", "kimono"]}))
    Image.new("RGB", (16, 8)).save(tmp_path / "emotion.webp")
    return tmp_path


def test_every_committed_sheet_belongs_to_a_picker_and_shows_what_it_offers() -> None:
    for picker, shown in tiles.sheets().items():
        assert picker in KINDS
        assert set(shown) <= set(names(picker))


def test_everything_but_style_has_a_picture_for_each_choice() -> None:
    assert {picker: tuple(shown) for picker, shown in tiles.sheets().items() if picker != "style"} == {
        picker: names(picker) for picker in KINDS if picker != "style"
    }


def test_a_sheet_holds_a_square_for_each_of_its_names() -> None:
    for picker, shown in tiles.sheets().items():
        with Image.open(tiles.FOLDER / f"{picker}.webp") as sheet:
            assert sheet.width == sheet.height * len(shown)


def test_all_pictures_together_are_small() -> None:
    assert sum(path.stat().st_size for path in tiles.FOLDER.iterdir()) < 300_000


def test_a_choice_shows_its_place_on_the_sheet(folder: Path) -> None:
    assert '.sheet-emotion label:has(> input[value="happy"]) { --picture: ""; --place: 1; }' in tiles.css(CHIBI, folder)


def test_a_picker_whose_sheet_is_missing_keeps_its_words(folder: Path) -> None:
    assert ".sheet-outfit {" not in tiles.css(CHIBI, folder)


def test_without_an_index_there_are_no_pictures(tmp_path: Path) -> None:
    assert "--sheet" not in tiles.css(CHIBI, tmp_path)


def test_the_pictures_are_fetched_from_nowhere() -> None:
    rules = tiles.css(CHIBI)
    assert rules.count("url(") == rules.count("url(data:image/webp;base64,")


def test_a_style_that_the_model_cannot_draw_is_pale() -> None:
    assert '.sheet-style label:has(> input[value="watercolor"]) { opacity: 0.5; }' in tiles.css(CHIBI)


def test_clothes_are_out_of_sight_among_the_styles_unless_one_is_chosen() -> None:
    assert '.sheet-style label:has(> input[value="kimono"]):not(:has(:checked)) { display: none; }' in tiles.css(CHIBI)


def test_each_picker_has_a_name_in_both_languages() -> None:
    assert all(set(table()[name]) == {"en", "ja"} for name in (*(f"fields.{kind}" for kind in PICTURED), "page.shelf"))
