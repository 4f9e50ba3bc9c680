"""The evaluation of pictures that are drawn anew: a painter that keeps all, and one that keeps what it is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.chibi.character import Character, characters
from animegen.evaluation.report import Report
from animegen.experiments import image_to_image
from animegen.tasks import ImageToImage
from tests.experiments.asking import Painter, silent_trial

Paint = Callable[[Character, bool], Character]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Paint], Report]:
    def measured(paint: Paint) -> Report:
        def draw(task: ImageToImage) -> list[Image.Image]:
            person = replace(characters("test", task.seed, 1)[0], emotion=task.emotion, strength=1.0)
            return [render(paint(person, not task.final_prompt), task.image.width)]

        return image_to_image.measure(silent_trial(Painter(draw), "image-to-image", 4, tmp_path))

    return measured


def test_who_keeps_everything_scores_alike_however_much_is_told(measured: Callable[[Paint], Report]) -> None:
    figures = measured(lambda person, told: person).figures
    assert figures["emotion"].value == 1
    assert figures["kept, average of attributes"].value > 0.95
    assert figures["kept, average of attributes"] == figures["kept, average of attributes, told the emotion alone"]
    assert figures["kept by chance, average of attributes"].value < 0.6


def test_what_is_lost_without_being_told_is_seen(measured: Callable[[Paint], Report]) -> None:
    def forgetful(person: Character, told: bool) -> Character:
        return person if told else replace(person, hair_colour="red" if person.hair_colour != "red" else "blue")

    figures = measured(forgetful).figures
    assert figures["kept, hair_colour"].value == 1
    assert figures["kept, hair_colour, told the emotion alone"].value == 0
