"""A field is described once: a toy task adds one, and it is found everywhere."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
import typer
from typer.testing import CliRunner

from animegen import messages
from animegen.cli.options import takes_fields
from animegen.errors import InvalidRequest
from animegen.pictures.infotext import read, write
from animegen.pictures.infotext.pairs import Pairs
from animegen.tasks import Group, TextToImage, field, fields, read_row
from animegen.tasks.kinds import Integer
from animegen.ui.controls import slider

WORDS = {
    "fields.sparkles": {"en": "Sparkles", "ja": "きらめき"},
    "fields.sparkles_help": {"en": "How many sparkles.", "ja": "きらめきの数。"},
}


@dataclass(frozen=True, kw_only=True)
class Toy(TextToImage):
    """Draws sparkles."""

    name: ClassVar[str] = "toy"

    sparkles: int = field(Integer(low=1, high=9), Group.LOOK, 3, key="Sparkles")


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = messages.table() | WORDS
    monkeypatch.setattr("animegen.messages.tables.table", lambda: everything)


def sparkles() -> Any:
    return next(each for each in fields(Toy) if each.name == "sparkles")


def test_it_is_checked() -> None:
    with pytest.raises(InvalidRequest, match="Sparkles: 10 is out of range; choose a whole number from 1 to 9"):
        Toy(prompt="1girl", sparkles=10)


def test_it_stands_among_the_fields_of_its_group() -> None:
    names = [each.name for each in fields(Toy)]
    assert names.index("preset") < names.index("sparkles") < names.index("steps")


def test_it_is_an_option_of_the_command_line_with_help_range_and_default() -> None:
    drawn: list[Toy] = []

    def draw(task: Toy) -> None:
        drawn.append(task)

    app = typer.Typer()
    app.command()(takes_fields(Toy)(draw))
    shown = " ".join(CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output.split())
    assert "--sparkles" in shown
    assert "How many sparkles. From 1 to 9." in shown
    CliRunner().invoke(app, ["1girl", "--sparkles", "7"])
    assert [each.sparkles for each in drawn] == [7]


def test_it_is_a_slider_of_the_page_in_its_range() -> None:
    found = slider(Toy, "sparkles")
    assert (found.minimum, found.maximum, found.value, found.precision) == (1, 9, 3, 0)


def test_scripts_see_a_whole_number_in_its_range() -> None:
    schema = slider(Toy, "sparkles").api_info()
    assert (schema["type"], "1 and 9" in schema["description"]) == ("integer", True)


def test_it_is_read_from_a_row_of_a_batch_file() -> None:
    assert read_row(Toy, {"prompt": "1girl", "sparkles": "7"}).sparkles == 7


def test_a_picture_carries_it_and_it_is_read_back() -> None:
    toy = Toy(prompt="1girl", steps=4, guidance_scale=3.0, sampler="Euler", width=64, height=64, seed=1, sparkles=7)
    pairs = read(write(toy, "chibi")).pairs
    assert pairs["Sparkles"] == "7"
    assert Pairs(pairs).value(sparkles(), 3) == 7


def test_what_a_picture_carries_of_it_is_kept_in_range() -> None:
    pairs = Pairs({"Sparkles": "70"})
    assert (pairs.value(sparkles(), 3), len(pairs.notes)) == (9, 1)
