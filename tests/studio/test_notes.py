"""The notes on a request: a denoising strength counts in whole steps."""

from dataclasses import replace

import pytest
from PIL import Image

from animegen.messages import Message, message
from animegen.models.loading import Parts
from animegen.pipelines import samplers
from animegen.studio import Studio
from animegen.studio.notes import strength_notes, strengths
from animegen.tasks import Animation, EmotionPath, ImageToImage, Preview, Task, TextToImage
from tests import tiny

SOURCE = Image.effect_noise((64, 64), 60).convert("RGB")
REDRAWN = ImageToImage(image=SOURCE, prompt="1girl", strength=0.5, steps=4, seed=5)
PATH = EmotionPath(prompt="1girl", image=SOURCE, frames=2, strength=0.5, steps=4, seed=5)
ANIMATION = Animation(image=SOURCE, frames=8, first_strength=0.5, last_strength=1.0, steps=4, seed=5)


def steps_drawn(strength: float, drawn: int, steps: int) -> Message:
    return message("studio.steps_drawn", strength=f"{strength:g}", drawn=drawn, steps=steps)


@pytest.fixture
def studio(parts: Parts) -> Studio:
    return Studio(tiny.ROW, lambda _: parts)


@pytest.mark.parametrize("task", [REDRAWN, PATH, ANIMATION], ids=lambda task: task.name)
def test_a_picture_notes_how_many_steps_its_strength_comes_to(studio: Studio, task: Task) -> None:
    assert steps_drawn(0.5, 2, 4) in studio.pictures(task)[0].notes


@pytest.mark.parametrize(("steps", "strength"), [(1, 0.001), (4, 0.5), (5, 0.7), (3, 1.0), (4, 0.0)])
def test_as_many_steps_are_drawn_as_the_note_says(studio: Studio, steps: int, strength: float) -> None:
    results = list(studio.run(replace(REDRAWN, steps=steps, strength=strength)))
    drawn = [result for result in results if isinstance(result, Preview)]
    assert len(drawn) == samplers.drawn(steps, strength)
    assert steps_drawn(strength, len(drawn), steps) in results[-1].notes


@pytest.mark.parametrize(("steps", "strength"), [(1, 0.001), (1, 0.6), (8, 0.001), (2, 0.3)])
def test_too_few_steps_for_a_strength_are_noted(steps: int, strength: float) -> None:
    _, advice = strength_notes(steps, strength)
    assert str(advice).startswith(f"With {steps} steps, denoising strength {strength:g} acts like")


@pytest.mark.parametrize(("steps", "strength"), [(1, 1.0), (20, 0.0), (20, 0.05), (8, 0.7), (20, 0.7), (150, 0.01)])
def test_steps_that_are_enough_need_no_advice(steps: int, strength: float) -> None:
    assert len(list(strength_notes(steps, strength))) == 1


@pytest.mark.parametrize("task", [TextToImage(prompt="1girl"), replace(PATH, image=None)], ids=lambda task: task.name)
def test_what_begins_with_no_picture_has_no_strength(task: Task) -> None:
    assert strengths(task) == ()
