"""The content rules at the door: every task is read before anything is drawn, whatever else it asks for."""

from dataclasses import replace

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.models.loading import Parts
from animegen.prompts.rules import Rules
from animegen.settings import Settings
from animegen.studio import Studio
from animegen.tasks import TASKS, Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage, Task, TextToImage
from tests import tiny

RULES = Rules(minor=("alpha",), sexual=("omega",), suggestive=(), dressed=("delta",))
GREY = Image.new("RGB", (64, 64), "grey")
ASKED: tuple[Task, ...] = (
    TextToImage(prompt="omega"),
    TextToImage(prompt="1girl", final_prompt="1girl, omega"),
    ImageToImage(image=GREY, prompt="omega"),
    Canny(image=GREY, prompt="omega"),
    EmotionPath(prompt="omega"),
    EmotionPath(image=GREY, prompt="omega"),
    Animation(image=GREY, prompt="omega"),
    ExpressionSheet(prompt="omega"),
)


@pytest.fixture(autouse=True)
def _placeholders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("animegen.studio.rules", lambda: RULES)


def door(parts: Parts, *, public: bool) -> Studio:
    return Studio(tiny.ROW, lambda _: parts, public=public)


@pytest.mark.parametrize("task", ASKED, ids=lambda task: task.name)
def test_a_public_studio_refuses_a_task_before_drawing(task: Task, parts: Parts) -> None:
    with pytest.raises(InvalidRequest, match="not drawn here"):
        door(parts, public=True).run(task)


@pytest.mark.parametrize("task", ASKED, ids=lambda task: task.name)
def test_minors_are_protected_at_home_too(task: Task, parts: Parts) -> None:
    told = {"final_prompt": "alpha, omega"} if getattr(task, "final_prompt", "") else {"prompt": "alpha, omega"}
    with pytest.raises(InvalidRequest, match="minors"):
        door(parts, public=False).run(replace(task, **told))


def test_every_task_is_tried() -> None:
    assert {type(task) for task in ASKED} == set(TASKS)


def test_the_negative_prompt_is_read_beside_the_prompt(parts: Parts) -> None:
    with pytest.raises(InvalidRequest, match="minors"):
        door(parts, public=False).run(TextToImage(prompt="alpha", negative_prompt="delta"))


def test_a_space_is_public_and_a_laptop_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert not Settings().public
    monkeypatch.setenv("SPACE_ID", "someone/animegen")
    assert Settings().public
    assert Studio.load(Settings(model="chibi")).public
