import math

import pytest

from animegen.models.table import rows
from animegen.pipelines import samplers
from animegen.tasks import TextToImage
from animegen.ui.browser_state import accepts_still, restored
from animegen.ui.controls import fields_of
from animegen.ui.expression_sheet import accepts
from animegen.ui.picture_settings import values

NAMES = fields_of(TextToImage)
LEFT = dict(
    zip(NAMES, values(TextToImage(prompt="1girl", emotion="sad", emotion_strength=0, seed=99), NAMES), strict=True)
)


def changed(**changes: object) -> dict[str, object]:
    """Return which controls a refresh changes, and to what, when some values were saved otherwise."""
    came_back = restored(accepts_still, NAMES)(list((LEFT | changes).values()))
    return {name: value for name, value in zip(NAMES, came_back, strict=True) if value is not None}


def test_settings_come_back_as_they_were_left() -> None:
    assert changed() == {name: value for name, value in LEFT.items() if value != ""}


@pytest.mark.parametrize("nothing", [None, {}, [], "x", [1, 2, 3], ["x"] * 99])
def test_anything_else_leaves_the_page_as_a_first_visitor_sees_it(nothing: object) -> None:
    assert restored(accepts_still, NAMES)(nothing) == [None] * len(NAMES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("count", 1000), ("seed", "x"), ("emotion", "hungry"), ("style", ["a"])),
        *(("guidance_scale", math.nan), ("steps", {}), ("prompt", 7)),
    ],
)
def test_one_value_that_no_task_takes_is_left_out_alone(name: str, value: object) -> None:
    assert changed(**{name: value}).keys() == changed().keys() - {name}


@pytest.mark.parametrize(("model", "comes_back"), [("sd15", True), ("chibi", False)])
def test_a_sampler_comes_back_where_the_model_of_today_has_it(model: str, comes_back: bool) -> None:
    offered = samplers.offered(rows()[model])
    assert restored(accepts_still, ["sampler"], offered)(["LCM"]) == ["LCM" if comes_back else None]


def test_the_choice_of_a_sheet_comes_back_as_it_was_left() -> None:
    assert restored(accepts, ["emotions", "character"])([["sad", "neutral"], "mika"]) == [["sad", "neutral"], "mika"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("emotions", []),
        ("emotions", "happy"),
        ("emotions", 7),
        ("emotions", ["bored"]),
        ("character", "../x"),
        ("character", 7),
    ],
)
def test_what_a_sheet_is_not_drawn_with_does_not_come_back(name: str, value: object) -> None:
    assert restored(accepts, [name])([value]) == [None]
