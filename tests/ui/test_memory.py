import math

import pytest

from animegen.tasks import TextToImage
from animegen.ui.controls import NAMES, values
from animegen.ui.memory import restored

SHOWN = [None, *values(TextToImage(prompt="-"))[1:]]
"""What a first visitor sees: an empty prompt and the task's own defaults."""


def saved(**changes: object) -> list[object]:
    return [changes.get(name, first) for name, first in zip(NAMES, SHOWN, strict=True)]


def test_settings_come_back_as_they_were_left() -> None:
    left = saved(prompt="1girl", emotion="sad", emotion_strength=0.3, count=4, seed=99, steps=12)
    assert restored(left, SHOWN) == left


def test_an_empty_prompt_comes_back_empty() -> None:
    assert restored(saved(prompt="", count=3), SHOWN) == saved(prompt="", count=3)


@pytest.mark.parametrize("nothing", [None, {}, [], "x", [1, 2, 3], ["x"] * 99])
def test_anything_else_gives_what_a_first_visitor_sees(nothing: object) -> None:
    assert restored(nothing, SHOWN) == SHOWN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 1000),
        ("seed", "x"),
        ("emotion", "hungry"),
        ("style", ["a"]),
        ("guidance_scale", math.nan),
        ("steps", {}),
    ],
)
def test_one_value_that_no_task_takes_gives_way_alone(name: str, value: object) -> None:
    assert restored(saved(prompt="1girl", **{name: value}), SHOWN) == saved(prompt="1girl")
