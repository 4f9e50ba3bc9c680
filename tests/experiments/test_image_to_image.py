"""The evaluation of pictures that are drawn anew: a painter that keeps all, and one that keeps what it is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.chibi.character import Character, characters
from animegen.evaluation.report import Report
from animegen.experiments import image_to_image, trial
from animegen.tasks import ImageToImage, Picture
from tests.experiments.asking import silent_trial

Paint = Callable[[Character, bool], Character]


class Painter:
    """A studio that draws a character as it is told to, in the emotion that is asked for."""

    def __init__(self, paint: Paint) -> None:
        self.paint = paint

    def pictures(self, task: ImageToImage) -> tuple[Picture, ...]:
        person = replace(characters("test", task.seed, 1)[0], emotion=task.emotion, strength=1.0)
        image: Image.Image = render(self.paint(person, not task.final_prompt), task.image.width)
        return (Picture(image=image, task=task, model="painter"),)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Paint], Report]:
    def measured(paint: Paint) -> Report:
        monkeypatch.setattr(trial.Studio, "load", lambda settings: Painter(paint))
        asked = silent_trial("image-to-image", 4, tmp_path)
        return image_to_image.chibi(asked)

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
