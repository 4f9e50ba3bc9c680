"""The content rules at the door: every task is read before anything is drawn, whatever else it asks for."""

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from animegen.errors import InvalidRequest, ModelUnavailable
from animegen.lora_files import Offers, base_of, write_kohya
from animegen.messages import message
from animegen.models.loading import Parts
from animegen.pictures.infotext import read, to_request, to_task, write
from animegen.pipelines.guard import Guard, blur
from animegen.prompts.rules import Rules
from animegen.settings import Settings
from animegen.studio import Studio
from animegen.tasks import TASKS, Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage, Task, TextToImage
from tests import tiny
from tests.lora_files.making import adapter

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
    monkeypatch.setattr("animegen.studio.resolve.rules", lambda: RULES)


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


@pytest.mark.parametrize(
    "asked",
    [
        {"prompt": "1girl, om<lora:ink:1>ega"},
        {"prompt": "1girl, <lora:ink:1>omega"},
        {"prompt": "<lora:omega:0>, 1girl"},
        {"prompt": "1girl", "loras": ("omega:0.5",)},
        {"prompt": "1girl", "loras": ("spoken",)},
        {"prompt": "1girl", "final_prompt": "1girl <lora:spoken:1>, omega"},
        {"prompt": "omega", "final_prompt": "1girl"},
        {"prompt": "1girl", "final_prompt": "om-ega", "count": 16},
        {"prompt": "1girl", "negative_prompt": "hat", "final_prompt": "1girl, OMEGA", "quality": "high"},
    ],
    ids=str,
)
def test_every_way_that_words_come_by_is_read(asked: dict[str, Any], parts: Parts, tmp_path: Path) -> None:
    """``omega`` is a LoRA's name, and the word that calls the LoRA ``spoken``."""
    base = base_of("tiny", "tiny", parts.unet.config, parts.text_encoder.config.to_dict())
    for name in ("ink", "omega", "spoken"):
        said = {"modelspec.trigger_phrase": "omega"} if name == "spoken" else {}
        write_kohya(adapter(base), tmp_path / f"{name}.safetensors", said)
    studio = Studio(tiny.ROW, lambda _: parts, public=True, offers=Offers([tmp_path], [base]))
    with pytest.raises(InvalidRequest, match="not drawn here"):
        studio.run(TextToImage(**asked))


@pytest.mark.parametrize("task", ASKED, ids=lambda task: task.name)
def test_a_request_that_is_read_out_of_a_picture_is_refused_as_it_was_typed(task: Task, parts: Parts) -> None:
    filled = replace(task, steps=2, guidance_scale=7.0, sampler="DDIM", width=64, height=64, seed=5)
    restored, _ = to_request(read(write(filled, "tiny")), source=getattr(task, "image", None))
    for again in (restored, to_task(read(write(replace(filled, prompt="omega"), "tiny")))[0]):
        with pytest.raises(InvalidRequest, match="not drawn here"):
            door(parts, public=True).run(again)


@pytest.mark.parametrize("text", ["1girl, omega", "1girl, omega\nSteps: 9, Sampler: DDIM, Seed: 1, Safety: off"])
def test_so_is_one_of_another_program(text: str, parts: Parts) -> None:
    task, _ = to_task(read(text))
    with pytest.raises(InvalidRequest, match="not drawn here"):
        door(parts, public=True).run(task)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_no_field_of_a_request_switches_a_rule_off(task: type[Task]) -> None:
    words = ("safe", "nsfw", "public", "rule", "filter", "check", "guard", "adult")
    assert [field.name for field in fields(task) if any(word in field.name for word in words)] == []


def test_the_negative_prompt_is_read_beside_the_prompt(parts: Parts) -> None:
    with pytest.raises(InvalidRequest, match="minors"):
        door(parts, public=False).run(TextToImage(prompt="alpha", negative_prompt="delta"))


def test_a_word_that_the_model_does_not_know_is_read_by_the_rules_all_the_same(parts: Parts) -> None:
    for told in ({"prompt": "1girl, omega, alpha"}, {"final_prompt": "omega", "negative_prompt": "1girl"}):
        with pytest.raises(InvalidRequest, match=r"is never drawn|is not drawn"):
            door(parts, public=True).run(TextToImage(**{"prompt": "1girl", **told}))


def test_what_a_prompt_rules_out_is_read_as_a_negative_prompt(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled = Rules(minor=("alpha",), sexual=("omega",), suggestive=(), dressed=("kimono",))
    monkeypatch.setattr("animegen.studio.resolve.rules", lambda: ruled)
    with pytest.raises(InvalidRequest, match="minors"):
        door(parts, public=False).run(TextToImage(prompt="1girl, alpha, no kimono"))


def test_a_space_is_public_and_a_laptop_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert not Settings().public
    monkeypatch.setenv("SPACE_ID", "someone/animegen")
    assert Settings().public
    assert Studio.load(Settings(model="chibi")).public


# What is finished


class Flags:
    """A checker that flags the pictures of these numbers."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers

    def flags(self, images: Sequence[Image.Image]) -> list[bool]:
        return [number in self.numbers for number in range(len(images))]


def from_the_hub(parts: Parts, monkeypatch: pytest.MonkeyPatch, *flagged: int) -> Studio:
    monkeypatch.setattr("animegen.models.safety.load", lambda _: Flags(*flagged))
    parts = replace(parts, row=replace(parts.row, needs_safety_checker=True))
    return Studio(parts.row, lambda _: parts, public=True)


def test_a_flagged_picture_is_withheld_and_said_to_be(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    task = TextToImage(prompt="1girl", steps=2, seed=5, count=2)
    plain = door(parts, public=False).pictures(task)
    first, second = from_the_hub(parts, monkeypatch, 1).pictures(task)
    assert first.image.tobytes() == plain[0].image.tobytes()
    assert second.image.tobytes() == blur(plain[1].image).tobytes()
    assert [message("pipelines.withheld") in picture.notes for picture in (first, second)] == [False, True]


def test_previews_of_what_will_be_checked_show_colours_alone() -> None:
    picture = Image.effect_noise((64, 64), 80).convert("RGB")
    assert Guard(Flags()).unfinished([picture]) == (blur(picture),)
    assert blur(picture) != picture
    assert Guard().unfinished([picture]) == (picture,)


def test_every_task_of_a_hub_model_on_a_public_page_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"steps": 2, "seed": 5}
    studio = from_the_hub(tiny.parts_with_controlnet(tmp_path), monkeypatch, *range(20))
    tasks = (
        TextToImage(prompt="1girl", count=3, **few),
        ImageToImage(image=GREY, **few),
        Canny(image=GREY, image_kind="edges", prompt="1girl", **few),
        EmotionPath(prompt="1girl", frames=2, **few),
        Animation(image=GREY, frames=8, **few),
        ExpressionSheet(prompt="1girl", emotions="neutral,happy", **few),
    )
    assert {type(task) for task in tasks} == set(TASKS)
    assert all(message("pipelines.withheld") in picture.notes for task in tasks for picture in studio.pictures(task))


def test_the_embedded_model_needs_no_checker(parts: Parts) -> None:
    assert door(parts, public=True).pictures(TextToImage(prompt="1girl", steps=2, seed=5))


def test_a_public_hub_model_without_a_checker_does_not_draw(parts: Parts) -> None:
    studio = Studio(replace(tiny.ROW, needs_safety_checker=True), lambda _: parts, public=True)
    with pytest.raises(ModelUnavailable, match="no safety checker"):
        studio.pictures(TextToImage(prompt="1girl", steps=2, seed=5))
