"""The small pictures: what is asked of the studio, and which files come of it."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from animegen.experiments import pickers
from animegen.models.table import rows
from animegen.prompts.appearance import KINDS, features
from animegen.prompts.emotions import emotions
from animegen.prompts.styles import styles
from animegen.studio import Studio
from animegen.tasks import Picture, Task

PICKERS = ("emotion", *KINDS)


class Painter(Studio):
    """A studio of chibi that draws every request grey, and composes its prompts as chibi's does."""

    def __init__(self) -> None:
        words = SimpleNamespace(count=lambda text: len(text.split()), overflow=lambda text: "")
        super().__init__(rows()["chibi"], load_parts=lambda row: None, load_tokens=lambda row: words)

    def pictures(self, request: Task) -> tuple[Picture, ...]:
        return (Picture(image=Image.new("RGB", (256, 256), "grey"), task=request, model="painter"),)


@pytest.fixture
def studio() -> Painter:
    return Painter()


def test_every_picker_gets_a_sheet_with_a_square_for_each_choice(studio: Painter, tmp_path: Path) -> None:
    drawn = pickers.draw(studio, out=tmp_path, report=lambda line: None, preset="fast")
    assert tuple(drawn) == PICKERS
    assert json.loads((tmp_path / "sheets.json").read_text()) == drawn
    for picker, names in drawn.items():
        with Image.open(tmp_path / f"{picker}.webp") as sheet:
            assert sheet.size == (96 * len(names), 96)


def test_emotions_hair_and_outfits_are_drawn_whole() -> None:
    asked = pickers.choices("chibi")
    assert asked["emotion"] == list(emotions())
    assert all(asked[kind] == list(features(kind)) for kind in KINDS)


def test_a_model_that_paints_gets_its_ways_of_painting_drawn() -> None:
    painting = [name for name in styles() if name not in ("casual", "formal", "school_uniform", "kimono")]
    assert pickers.choices("general")["style"] == painting


@pytest.mark.parametrize("picker", [*PICKERS, "style"])
def test_the_choice_alone_makes_the_difference(picker: str) -> None:
    names = pickers.choices("general")[picker]
    _, *tasks = pickers.tasks(picker, names, "fast")
    assert [getattr(task, picker) for task in tasks] == names[1:]
    assert len({(task.prompt, task.seed, task.preset, task.quality) for task in tasks}) == 1


def test_the_face_without_an_emotion_is_neutral(studio: Painter) -> None:
    first, *_ = pickers.tasks("emotion", ["none"], "fast")
    assert [word.text for word in studio.prompt(first).emotion] == ["neutral expression"]


def test_chibi_knows_every_word_that_it_is_asked_for(studio: Painter) -> None:
    for picker, names in pickers.choices("chibi").items():
        assert [studio.prompt(task).notes for task in pickers.tasks(picker, names, "fast")] == [()] * len(names)
