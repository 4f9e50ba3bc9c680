"""Expression sheets: every picture keeps to the neutral one, in a batch and alone."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from PIL import Image, ImageChops

from animegen.messages import message
from animegen.models.loading import Parts
from animegen.pipelines import edit_masks, expression_sheet, samplers, text_to_image, zero_shot
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn, Progress
from animegen.pipelines.job import Job
from animegen.tasks import ExpressionSheet, TextToImage
from tests.jobs import SETTINGS, job

GIRL = "girl, blue eyes, tan skin, bob cut, hoodie"
NEUTRAL, HAPPY, SAD = f"{GIRL}, neutral expression", f"{GIRL}, happy", f"{GIRL}, very sad"
OPEN = [text.replace("blue eyes, ", "") for text in (NEUTRAL, NEUTRAL, HAPPY)]
"""Words that leave open of which colour the eyes are."""
EMOTIONS = "neutral,happy,sad"


@pytest.fixture(autouse=True)
def everything_stands_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network of random weights answers every word everywhere alike, so that nothing would stand out of the rest."""
    monkeypatch.setattr(edit_masks, "FLOOR", 0.0)
    monkeypatch.setattr(edit_masks, "FULL", 1.0)


def sheet(*texts: str, **changes: Any) -> Job[ExpressionSheet]:
    """Return the job of a sheet with these words for the neutral face and for each picture."""
    return job(ExpressionSheet(**SETTINGS | {"emotions": "neutral,happy"} | changes), texts=texts)


def drawn(engine: Engine, *texts: str, **changes: Any) -> list[Image.Image]:
    stages = expression_sheet.draw(engine, sheet(NEUTRAL, *texts, **{"emotions": EMOTIONS} | changes))
    return [image for stage in stages if isinstance(stage, Drawn) for image in stage.images]


def alike(one: Image.Image, other: Image.Image) -> bool:
    return max(high for _, high in ImageChops.difference(one, other).getextrema()) <= 2


@pytest.mark.parametrize("sampler", samplers.names())
def test_the_neutral_picture_is_what_its_words_draw_alone(parts: Parts, sampler: str) -> None:
    engine = Engine(parts)
    neutral, *_ = drawn(engine, NEUTRAL, HAPPY, SAD, sampler=sampler)
    *_, alone = text_to_image.draw(engine, job(TextToImage(**SETTINGS | {"prompt": NEUTRAL, "sampler": sampler})))
    assert isinstance(alone, Drawn)
    assert alike(neutral, alone.images[0])


@pytest.mark.parametrize("sampler", samplers.names())
def test_a_picture_alone_is_the_picture_of_the_sheet(parts: Parts, sampler: str) -> None:
    engine = Engine(parts)
    together = drawn(engine, NEUTRAL, HAPPY, SAD, sampler=sampler)
    (alone,) = drawn(engine, SAD, emotions="sad", sampler=sampler)
    assert alike(together[2], alone)
    assert together[2].tobytes() != together[0].tobytes()


def test_the_first_steps_are_drawn_once_for_all(parts: Parts) -> None:
    sizes: list[int] = []
    parts.unet.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    wanted = sheet(NEUTRAL, NEUTRAL, HAPPY, SAD, emotions=EMOTIONS, steps=10)
    stages = list(expression_sheet.draw(Engine(parts), wanted))
    assert sizes == [2] * 3 + [8] * 7
    assert [stage.step for stage in stages if isinstance(stage, Progress)] == list(range(1, 11))
    assert [len(stage.latents) for stage in stages if isinstance(stage, Progress)] == [1] * 3 + [3] * 7


@pytest.mark.parametrize("most", [2, 3])
def test_a_sheet_that_is_too_large_for_the_memory_comes_in_smaller_batches(parts: Parts, most: int) -> None:
    engine = Engine(parts)
    whole = drawn(engine, NEUTRAL, HAPPY, SAD)

    def short(_: Any, inputs: tuple[torch.Tensor, ...]) -> None:
        if len(inputs[0]) > 2 * most:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    parts.unet.register_forward_pre_hook(short)
    assert all(alike(*both) for both in zip(drawn(engine, NEUTRAL, HAPPY, SAD), whole, strict=True))


def test_what_the_words_leave_open_is_told_to_every_face_as_the_neutral_one_shows_it(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []
    monkeypatch.setattr(zero_shot, "classify", lambda *given: asked.append(given[-1]) or ["pink eyes"])
    engine, seen = Engine(parts), []
    parts.unet.register_forward_pre_hook(
        lambda _, args, words: seen.append(words["encoder_hidden_states"]), with_kwargs=True
    )
    stages = list(expression_sheet.draw(engine, sheet(*OPEN)))
    assert [choices[0] for choices in asked] == ["brown eyes"]
    told = list(engine.encoder.encode([f"{text}, pink eyes" for text in OPEN]))
    assert torch.equal(seen[-1][3:], torch.stack(told))
    assert torch.equal(seen[0][1], engine.encoder.encode(OPEN[:1])[0])
    assert [stage.notes for stage in stages if isinstance(stage, Drawn)] == [
        (message("pipelines.traits_kept", words=("pink eyes",)),)
    ]


def test_nothing_is_looked_for_that_the_model_would_not_read(parts: Parts) -> None:
    full = ", ".join(["girl"] * 37)
    stages = list(expression_sheet.draw(Engine(parts), sheet(full, full, full)))
    assert [stage.notes for stage in stages if isinstance(stage, Drawn)] == [()]


def test_the_steps_of_a_sheet_are_counted_through(parts: Parts) -> None:
    stages = list(expression_sheet.draw(Engine(parts), sheet(*OPEN)))
    counted = [(stage.step, stage.steps) for stage in stages if isinstance(stage, Progress)]
    assert counted == [(step, 10) for step in range(1, 11)]


def test_a_picture_alone_whose_words_leave_something_open_is_that_of_the_sheet(parts: Parts) -> None:
    engine = Engine(parts)
    *_, together = expression_sheet.draw(engine, sheet(*OPEN))
    *_, alone = expression_sheet.draw(engine, sheet(OPEN[0], OPEN[2], emotions="happy"))
    assert isinstance(together, Drawn)
    assert isinstance(alone, Drawn)
    assert alike(together.images[1], alone.images[0])


def test_a_background_that_is_not_plain_stays(parts: Parts) -> None:
    assert {image.mode for image in drawn(Engine(parts), NEUTRAL, HAPPY, transparent=True)} == {"RGB"}
