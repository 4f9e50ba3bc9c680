"""One set of weights for every task, in the format in which it was loaded."""

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from animegen.pipelines import familiarity, recognising, samplers
from animegen.studio import Studio
from animegen.tasks import (
    Animation,
    Canny,
    EmotionPath,
    ExpressionSheet,
    ImageToImage,
    Task,
    TextToImage,
)
from tests import tiny

SOURCE = Image.effect_noise((96, 64), 60).convert("RGB")
TASK = ImageToImage(image=SOURCE, prompt="1girl, blue hair", emotion="angry", strength=0.5, steps=4, seed=5)
PATH = EmotionPath(prompt="1girl, blue hair", from_emotion="happy", to_emotion="sad", frames=3, steps=4, seed=5)
ANIMATION = Animation(image=SOURCE, emotions="calm,happy", frames=8, steps=4, seed=5)
SHEET = ExpressionSheet(prompt="1girl, blue hair", emotions="neutral,happy", steps=4, seed=5)
CANNY = Canny(image=SOURCE, prompt="1girl, blue hair", image_kind="photo", steps=4, seed=5)
TEXT = TextToImage(prompt="1girl, blue hair", emotion="angry", steps=2, seed=5)
TASKS: list[Task] = [TEXT, TASK, CANNY, PATH, ANIMATION, SHEET]


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    monkeypatch.setattr(recognising, "SURE", 0.0)  # random weights are sure of nothing
    parts = tiny.parts_with_controlnet(tmp_path)
    (tmp_path / familiarity.FILE).write_text('{"bound": Infinity}')
    return Studio(tiny.ROW, lambda _: parts)


def test_every_task_gets_one_scheduler_of_its_own(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Any] = []
    build = samplers.build
    monkeypatch.setattr(samplers, "build", lambda *asked: built.append(build(*asked)) or built[-1])
    for task in TASKS:
        studio.pictures(task)
    assert len(built) == len(TASKS) == len({id(scheduler) for scheduler in built})


def test_all_tasks_draw_with_one_set_of_weights_in_the_format_they_were_loaded_in(studio: Studio) -> None:
    def weights() -> list[tuple[int, torch.dtype, torch.Size]]:
        networks = studio.parts.unet, studio.parts.vae, studio.parts.text_encoder, studio.warm().controlnet
        return [(each.data_ptr(), each.dtype, each.shape) for network in networks for each in network.parameters()]

    before = weights()
    for task in TASKS:
        studio.pictures(task)
    assert weights() == before


def test_no_task_keeps_a_copy_of_a_weight(studio: Studio) -> None:
    import gc

    def parameters() -> int:
        gc.collect()
        return sum(type(each) is torch.nn.Parameter for each in gc.get_objects())

    studio.complete()
    before = parameters()
    for task in TASKS:
        studio.pictures(task)
    assert parameters() == before
