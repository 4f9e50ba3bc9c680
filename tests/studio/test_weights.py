"""One set of weights for every task, in the format in which it was loaded."""

from pathlib import Path
from typing import Any

import pytest
import torch

from animegen.pipelines import samplers
from animegen.studio import Studio
from tests.redrawing import TASKS, open_studio


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    return open_studio(tmp_path, monkeypatch)


def test_every_task_gets_one_scheduler_of_its_own(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Any] = []
    build = samplers.build
    monkeypatch.setattr(samplers, "build", lambda *asked: built.append(build(*asked)) or built[-1])
    for task in TASKS:
        studio.pictures(task)
    assert len(built) == len(TASKS) == len({id(scheduler) for scheduler in built})


def test_all_tasks_draw_with_one_set_of_weights_in_the_format_they_were_loaded_in(studio: Studio) -> None:
    def weights() -> list[tuple[int, torch.dtype, torch.Size]]:
        networks = studio.parts.unet, studio.parts.vae, studio.parts.text_encoder, studio.engine.controlnet
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
