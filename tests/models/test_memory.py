"""What a model needs and what there is, as told before it is loaded."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from animegen.models import memory
from animegen.models.device import Placement
from animegen.models.memory import GIB, container
from animegen.models.table import ModelRow, rows

CHIBI, SD15 = rows()["chibi"], rows()["sd15"]
CPU = Placement(device=torch.device("cpu"), dtype=torch.float32, reason="")
GPU = Placement(device=torch.device("cuda"), dtype=torch.float16, reason="")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda device: 2 * GIB)


def told(row: ModelRow, placement: Placement) -> str:
    return " ".join(memory.sentences(row, placement))


def test_the_weights_are_counted_from_shapes_and_format(room: None) -> None:
    assert memory.of(SD15, CPU).weights == 4 * 1_066_235_307
    assert memory.of(SD15, GPU).weights == 2 * 1_066_235_307


def test_the_work_grows_with_the_picture(room: None) -> None:
    assert memory.of(SD15, CPU).work == GIB
    assert memory.of(replace(SD15, native_size=1024), CPU).work == 4 * GIB


def test_taking_turns_only_the_largest_network_counts_on_a_gpu(room: None) -> None:
    low = replace(GPU, low_memory=True)
    assert memory.of(SD15, low).weights == 2 * SD15.parameters["unet"]
    assert memory.of(SD15, replace(CPU, low_memory=True)).weights == memory.of(SD15, CPU).weights


def test_what_is_needed_and_what_there_is_are_told_together(room: None) -> None:
    assert told(CHIBI, CPU) == (
        "It needs about 0.09 GB of memory: 0.06 GB of weights, and an estimated 0.03 GB of work "
        "for a picture of 256 pixels. 2.0 GB are free on this computer."
    )


def test_too_little_on_a_gpu_names_the_setting_that_helps(room: None) -> None:
    assert told(SD15, GPU).endswith(
        "2.0 GB are free on the GPU. That is too little; set ANIMEGEN_LOW_MEMORY=1, or choose a smaller model."
    )


def test_too_little_where_no_setting_helps_names_none(room: None) -> None:
    assert told(SD15, CPU).endswith("That is too little; choose a smaller model.")


def test_a_system_that_tells_nothing_is_not_called_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda device: None)
    assert told(SD15, CPU).endswith("for a picture of 512 pixels.")


def test_a_model_whose_weights_are_not_here_says_that_nobody_knows(room: None) -> None:
    assert told(replace(SD15, parameters={}), CPU) == ("How much memory it needs is not known before it is loaded.")


def test_what_is_free_is_no_news_once_the_model_is_loaded(room: None) -> None:
    assert len(memory.sentences(SD15, CPU, loaded=True)) == 1


def test_this_machine_has_memory() -> None:
    assert (memory.free(torch.device("cpu")) or 0) > 0


def limited(folder: Path, limit: str) -> Path:
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text("700\n")
    (folder / "memory.stat").write_text("anon 500\ninactive_file 150\nactive_file 50\n")
    return folder


def test_a_container_has_what_its_limit_leaves_and_its_cached_files_count_as_free(tmp_path: Path) -> None:
    assert container(limited(tmp_path, "1000")) == 450


def test_a_container_without_a_limit_has_what_the_machine_has(tmp_path: Path) -> None:
    assert container(limited(tmp_path, "max")) is None


def test_a_machine_without_containers_has_no_limit(tmp_path: Path) -> None:
    assert container(tmp_path / "nowhere") is None
