"""Strength counts in whole steps, and that is said with the picture."""

from dataclasses import replace

import pytest
from PIL import Image

from animegen.models.loading import Parts
from animegen.pipelines import samplers
from animegen.studio import Studio, strengths
from animegen.tasks import Animation, EmotionPath, ImageToImage, Preview, Task, TextToImage
from tests import tiny

SOURCE = Image.effect_noise((64, 64), 60).convert("RGB")
REDRAWN = ImageToImage(image=SOURCE, prompt="1girl", strength=0.5, steps=4, seed=5)
PATH = EmotionPath(prompt="1girl", image=SOURCE, frames=2, strength=0.5, steps=4, seed=5)
ANIMATION = Animation(image=SOURCE, frames=8, first_strength=0.5, last_strength=1.0, steps=4, seed=5)


@pytest.fixture
def studio(parts: Parts) -> Studio:
    return Studio(tiny.ROW, lambda _: parts)


@pytest.mark.parametrize("task", [REDRAWN, PATH, ANIMATION], ids=lambda task: task.name)
def test_a_picture_says_how_many_steps_its_strength_came_to(studio: Studio, task: Task) -> None:
    assert "At strength 0.5, 2 of 4 steps are drawn." in studio.pictures(task)[0].notes


@pytest.mark.parametrize(("steps", "strength"), [(1, 0.001), (4, 0.5), (5, 0.7), (3, 1.0), (4, 0.0)])
def test_as_many_steps_are_drawn_as_is_said(studio: Studio, steps: int, strength: float) -> None:
    results = list(studio.run(replace(REDRAWN, steps=steps, strength=strength)))
    drawn = [result for result in results if isinstance(result, Preview)]
    assert len(drawn) == samplers.drawn(steps, strength)
    assert f"At strength {strength:g}, {len(drawn)} of {steps} steps are drawn." in results[-1].notes


@pytest.mark.parametrize(("steps", "strength"), [(1, 0.001), (1, 0.6), (8, 0.001), (2, 0.3)])
def test_steps_that_are_too_few_to_be_that_gentle_are_said_with_what_to_do(steps: int, strength: float) -> None:
    _, advice = strengths.remarks(steps, strength)
    assert advice.startswith(f"So few steps ({steps}) cannot be as gentle as strength {strength:g}")
    assert advice.endswith("Choose more steps.")


@pytest.mark.parametrize(("steps", "strength"), [(1, 1.0), (20, 0.0), (20, 0.05), (8, 0.7), (20, 0.7), (150, 0.01)])
def test_steps_that_are_enough_need_no_advice(steps: int, strength: float) -> None:
    assert len(list(strengths.remarks(steps, strength))) == 1


@pytest.mark.parametrize("task", [TextToImage(prompt="1girl"), replace(PATH, image=None)], ids=lambda task: task.name)
def test_what_begins_with_no_picture_has_no_strength(task: Task) -> None:
    assert strengths.of(task) == ()
