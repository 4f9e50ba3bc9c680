"""What a model needs and what there is, as told before it is loaded."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from animegen.messages import message
from animegen.models import memory
from animegen.models.device import Placement
from animegen.models.memory import GIB, container
from animegen.models.table import ModelRow, rows

CHIBI, SD15, COOL_JAPAN = rows().values()
CPU = Placement(device=torch.device("cpu"), dtype=torch.float32, reason=message("models.cpu_float32"))
GPU = Placement(device=torch.device("cuda"), dtype=torch.float16, reason=message("models.cpu_float32"))


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda device: 2 * GIB)


def described(row: ModelRow, placement: Placement) -> str:
    return " ".join(map(str, memory.describe(row, placement)))


def test_the_weights_are_counted_from_shapes_and_format(room: None) -> None:
    assert memory.of(SD15, CPU).weights == 4 * 1_068_680_370
    assert memory.of(SD15, GPU).weights == 2 * 1_068_680_370


def test_the_work_grows_with_the_picture(room: None) -> None:
    assert memory.of(SD15, CPU).work == GIB
    assert memory.of(replace(SD15, native_size=1024), CPU).work == 4 * GIB


def test_where_networks_are_offloaded_only_the_largest_network_counts_on_a_gpu(room: None) -> None:
    low = replace(GPU, low_memory=True)
    assert memory.of(SD15, low).weights == 2 * SD15.parameters["unet"]
    assert memory.of(SD15, replace(CPU, low_memory=True)).weights == memory.of(SD15, CPU).weights


def test_what_is_needed_and_what_there_is_are_told_together(room: None) -> None:
    assert described(CHIBI, CPU) == (
        "It needs about 0.09 GB of memory: 0.06 GB for its weights and an estimated 0.03 GB for drawing "
        "a picture of 256 pixels. 2.0 GB are free on this computer."
    )


def test_on_a_public_page_the_safety_checker_counts_in_float32(room: None) -> None:
    more = memory.of(SD15, GPU, public=True).weights - memory.of(SD15, GPU).weights
    assert more == 4 * 303_981_588
    assert memory.describe(SD15, GPU, public=True)[0].id == "models.memory_with_safety_checker"
    assert memory.gigabytes(SD15, GPU, public=True) == 3.62


def test_the_embedded_model_has_no_safety_checker_to_count(room: None) -> None:
    assert memory.describe(CHIBI, CPU, public=True) == memory.describe(CHIBI, CPU)


def test_what_some_drawings_take_more_is_told_beside_it(room: None) -> None:
    assert memory.describe(SD15, CPU)[1:3] == (
        message("models.memory_for_controlnet", size="1.3"),
        message("models.memory_for_lcm_lora", size="3.3"),
    )
    assert "fast" not in described(COOL_JAPAN, CPU)


def test_the_copy_that_takes_an_lcm_lora_off_again_takes_nothing_of_a_graphics_card(room: None) -> None:
    assert memory.describe(SD15, GPU)[1:2] == (message("models.memory_for_controlnet", size="0.67"),)
    assert "fast" not in described(SD15, GPU)


def test_too_little_on_a_gpu_names_the_setting_that_helps(room: None) -> None:
    assert described(SD15, GPU).endswith(
        "2.0 GB are free on the GPU. That is not enough; set ANIMEGEN_LOW_MEMORY=1, or choose a smaller model."
    )


def test_too_little_where_no_setting_helps_names_none(room: None) -> None:
    assert described(SD15, CPU).endswith("That is not enough; choose a smaller model.")


def test_a_system_that_tells_nothing_is_not_called_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda device: None)
    assert described(CHIBI, CPU).endswith("a picture of 256 pixels.")


def test_a_model_whose_weights_are_not_here_says_that_nobody_knows(room: None) -> None:
    assert memory.describe(replace(SD15, parameters={}), CPU) == (message("models.memory_unknown"),)


def test_what_is_free_is_no_news_once_the_model_is_loaded(room: None) -> None:
    assert "free" not in " ".join(map(str, memory.describe(SD15, CPU, loaded=True)))


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
