"""Names that people bring are names: none of them leads to a file, and none of them leaves one elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from animegen.errors import AdapterRefused, InvalidRequest
from animegen.lora_files import Offers, write_kohya
from animegen.pictures import sprites
from animegen.pictures.files import new_folder, save, save_new
from animegen.pictures.infotext import read, to_task
from animegen.tasks import ExpressionSheet, Lora, Picture, TextToImage
from tests.lora_files.making import adapter

NAMES = [
    *(
        "../ink",
        "..",
        ".",
        "/etc/passwd",
        "C:\\ink",
        "\\\\host\\share",
        "a/b",
        "a\\b",
        "~",
        "~root",
        "file:///etc/passwd",
    ),
    *(
        "ink\0",
        "\0",
        "x" * 300,
        "😀",
        "ｉｎｋ",
        "ink\n",
        " ink",
        "%2e%2e%2fink",
        "$HOME",
        "ink.safetensors",
        "-rf",
        "con",
    ),
    *("ink\u202e", "ink;ls", "ink link", "{ink}"),
]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of LoRAs beside which others lie; nothing there may change."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    write_kohya(adapter("chibi"), tmp_path / "ink.safetensors")
    write_kohya(adapter("chibi"), shelf / "known.safetensors")
    (shelf / "link.safetensors").symlink_to(tmp_path / "ink.safetensors")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    yield shelf
    assert sorted(tmp_path.rglob("*")) == before


def test_the_name_of_a_link_that_leads_out_is_answered_with_that_reason(shelf: Path) -> None:
    with pytest.raises(AdapterRefused, match=r"^link\.safetensors is a link that leads out of its folder"):
        Offers([shelf]).applied(TextToImage(prompt="1girl", loras=["link"]), "chibi")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_lora_is_found_among_the_offers_or_not_at_all(name: str, shelf: Path) -> None:
    offers = Offers([shelf])
    for asked in ({"prompt": "1girl", "loras": [name]}, {"prompt": f"1girl <lora:{name}:1>"}):
        with pytest.raises(InvalidRequest, match="LoRA"):
            offers.applied(TextToImage(**asked), "chibi")
    assert list(offers.all()) == ["known"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_lora_in_a_pictures_settings_is_left_out_and_named(name: str, shelf: Path) -> None:
    task, notes = to_task(read(f"1girl <lora:{name}:1>\nSteps: 1, Seed: 1, Sampler: DDIM"), loras=Offers([shelf]).all())
    assert task.loras == ()
    assert len(notes) == 1


@pytest.mark.parametrize(
    "name", [*NAMES, "CON", "nul", "com1", "Mika", "1up", "class", "define", "", 7, None, ["mika"]], ids=ascii
)
def test_a_character_is_a_word_that_games_and_disks_can_use(name: object, shelf: Path) -> None:
    with pytest.raises(InvalidRequest, match="character name"):
        sprites.check(name)


def test_what_is_handed_to_a_game_lies_in_its_folder() -> None:
    task = ExpressionSheet(
        prompt="1girl", emotions="neutral,happy", steps=1, sampler="DDIM", width=64, height=64, seed=1
    )
    pictures = [Picture(image=Image.new("RGB", (64, 64)), task=each, model="flat") for each in task.singles()]
    assert list(sprites.files(pictures, "mika")) == ["images/mika_neutral.png", "images/mika_happy.png", "mika.rpy"]


def test_a_link_that_waits_under_the_next_name_is_not_written_through(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("00001-7.png", "00002-mika"):
        (out / name).symlink_to(tmp_path / "elsewhere")
    task = TextToImage(prompt="1girl", seed=7, steps=1, sampler="DDIM", width=64, height=64)
    picture = Picture(image=Image.new("RGB", (64, 64)), task=task, model="flat")
    made = [save(picture, out), new_folder(out, "mika"), save_new(b"x", out, "mika.zip")]
    assert [path.name for path in made] == ["00003-7.png", "00004-mika", "00005-mika.zip"]
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["ink", "soft.v2", "line_art-3", "x" * 100, "..ink", "a..b", "0"])
def test_an_honest_name_is_one(name: str) -> None:
    assert Lora(name).name == name
