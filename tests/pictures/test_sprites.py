"""Sprites: what a game is handed, and the page that people look at."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.pictures import infotext, sprites
from animegen.prompts.emotions import emotions
from animegen.tasks import ExpressionSheet, Picture

ASKED = ExpressionSheet(
    prompt="1girl", emotions="neutral,happy,sad", steps=2, sampler="DDIM", width=64, height=64, seed=5
)
PICTURES = [
    Picture(image=Image.new("RGBA", (64, 64), colour), task=task, model="flat")
    for colour, task in zip(("#ff0000", "#00ff00", "#0000ff80"), ASKED.singles(), strict=True)
]


def test_a_sheet_is_of_every_emotion_of_the_table() -> None:
    usual = ExpressionSheet(prompt="1girl").emotions
    assert usual == ("neutral", *(name for name in emotions() if name != "none"))


def test_a_zip_holds_a_sprite_of_each_emotion_and_the_lines_that_show_it() -> None:
    with ZipFile(BytesIO(sprites.archive(PICTURES, "mika"))) as packed:
        assert packed.namelist() == [
            "images/mika_neutral.png", "images/mika_happy.png", "images/mika_sad.png", "mika.rpy",
        ]  # fmt: skip
        with Image.open(packed.open("images/mika_sad.png")) as image:
            assert (image.mode, image.getpixel((0, 0))) == ("RGBA", (0, 0, 255, 128))
            assert "Emotions: sad" in image.info["parameters"]


def test_the_settings_of_a_sheet_are_those_of_a_drawing_from_words_alone() -> None:
    task, notes = infotext.to_task(infotext.read(infotext.write(ASKED, "flat")))
    assert (task.prompt, task.seed, notes) == ("1girl", 5, ())


def test_the_lines_define_every_file_of_the_zip_and_show_every_picture() -> None:
    lines = sprites.snippet(PICTURES, "mika")
    packed = {path for path in sprites.files(PICTURES, "mika") if path.endswith(".png")}
    assert set(re.findall(r'= "(images/.*)"', lines)) == packed
    assert 'define mika = Character("Mika", image="mika")' in lines
    assert 'image mika happy = "images/mika_happy.png"' in lines
    assert re.findall(r'^    mika(?: \w+)? "', lines, re.MULTILINE) == [
        '    mika "',
        '    mika happy "',
        '    mika sad "',
    ]


@pytest.mark.parametrize(
    "name", ["", "Mika", "mika chan", "../mika", "2b", "ミカ", "class", "image", "m" * 33, "mika\n", None, 7, []]
)
def test_a_name_that_no_game_can_use_is_refused(name: object) -> None:
    with pytest.raises(InvalidRequest, match="character name"):
        sprites.check(name)


RESERVED = {
    "a statement of Ren'Py": ("init", "transform", "screen", "python", "label", "play", "voice"),
    "a word of Ren'Py's image statements": ("at", "behind", "onlayer", "with", "zorder"),
    "a name of Ren'Py itself": ("narrator", "config", "renpy", "persistent", "left", "dissolve", "store", "nvl_menu"),
    "a word of Python": ("class", "list", "print", "lambda"),
    "a device of Windows": ("con", "com1"),
}


@pytest.mark.parametrize(("reason", "name"), [(why, name) for why, names in RESERVED.items() for name in names])
def test_a_name_that_means_something_to_the_game_is_refused_with_the_reason(reason: str, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        sprites.check(name)
    assert str(refused.value) == f"'{name}' cannot be a character name: it is {reason}; choose another name."


@pytest.mark.parametrize("name", ["mika", "character", "configuration", "init2", "eileen", "miku_hatsune", "lefty"])
def test_a_name_that_only_resembles_one_of_the_games_is_taken(name: str) -> None:
    sprites.check(name)


def test_the_page_shows_the_first_picture_large_and_the_others_beside_it() -> None:
    page = sprites.page(PICTURES, ASKED)
    assert page.image.getpixel((64, 64)) == (255, 0, 0)
    assert page.image.getpixel((170, 30)) == (0, 255, 0)
    assert page.task == ASKED


def test_labels_are_in_the_language_that_is_asked_for() -> None:
    assert [sprites.label(picture) for picture in PICTURES] == ["Neutral", "Happy", "Sad"]
    assert [sprites.label(picture, "ja") for picture in PICTURES] == ["通常", "喜び", "悲しみ"]


@pytest.mark.skipif(sprites.japanese() is None, reason="this machine has no font with Japanese")
def test_every_japanese_label_is_drawn_with_letters_of_the_font() -> None:
    font = sprites.japanese()
    assert font
    missing = bytes(font.getmask("\U0010fffd"))
    letters = {letter for row in emotions().values() for letter in row.label_ja} | set("通常")
    assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []


def test_a_page_for_japanese_readers_is_in_english_where_no_font_has_japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sprites, "japanese", lambda: None)
    english = sprites.page(PICTURES, ASKED).image
    assert sprites.page(PICTURES, ASKED, "ja").image.tobytes() == english.tobytes()


def test_what_is_transparent_lies_on_the_page() -> None:
    page = sprites.page(PICTURES, ASKED).image
    assert page.getpixel((170, 130)) == pytest.approx((127, 125, 253), abs=2)


def test_a_sheet_may_have_one_picture() -> None:
    assert sprites.grid([Image.new("RGB", (64, 64))], ["Happy"]).width > 128
