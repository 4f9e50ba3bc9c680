"""Few steps and many in turn: nothing of an LCM-LoRA stays behind, whatever came in between, and nothing piles up."""

import gc
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import torch
from cachetools import LRUCache
from PIL import Image

from animegen.errors import DrawingFailed
from animegen.lora_files import Offers
from animegen.models import loading
from animegen.models.cache import Source
from animegen.pipelines import adapters
from animegen.studio import Studio
from animegen.tasks import Canny, ImageToImage, Task
from tests import tiny
from tests.hub import models
from tests.hub.models import ROW
from tests.studio.test_lcm import FAST, GREY, TASKS, USUAL, drawn
from tests.threads import at_once

INKED = replace(FAST, loras=("ink:0.8",))


@pytest.fixture
def studio(sd15_studio: Studio) -> Studio:
    return sd15_studio


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_usual_then_fast_then_usual_is_the_first_picture_again(studio: Studio, task: Task) -> None:
    usual = replace(task, preset="balanced", steps=2)
    first, fast = drawn(studio, usual), drawn(studio, task)
    assert fast != first
    assert drawn(studio, usual) == first
    assert drawn(studio, task) == fast


def test_after_lcm_every_weight_is_as_it_was_loaded(studio: Studio) -> None:
    def weights() -> list[torch.Tensor]:
        return [each.clone() for each in studio.parts.unet.state_dict().values()]

    before = weights()
    studio.pictures(FAST)
    assert not all(torch.equal(*both) for both in zip(before, weights(), strict=True))
    studio.pictures(USUAL)
    assert all(torch.equal(*both) for both in zip(before, weights(), strict=True))


def test_a_studio_that_drew_both_ways_draws_what_fresh_ones_draw(
    studio: Studio, fresh_sd15: Callable[[], Studio]
) -> None:
    studio.pictures(FAST)
    assert drawn(studio, USUAL) == drawn(fresh_sd15(), USUAL)
    assert drawn(studio, INKED) == drawn(fresh_sd15(), INKED)


@pytest.mark.slow
def test_it_draws_what_a_fresh_process_draws(studio: Studio, source: Source) -> None:
    code = f"""
from hashlib import sha256
from pathlib import Path
from animegen.models import loading
from animegen.models.cache import Source
from animegen.studio import Studio
from tests import tiny
from tests.hub.models import ROW
from tests.studio.test_lcm import USUAL, drawn
source = Source(endpoint="http://127.0.0.1:9", cache=Path({str(source.cache)!r}), lock=Path({str(source.lock)!r}))
parts = loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source), source)
print(sha256(drawn(Studio(ROW, lambda _: parts), USUAL)).hexdigest())
"""
    studio.pictures(FAST)
    here = sha256(drawn(studio, USUAL)).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.split()[-1] == here


def test_lcm_and_a_lora_beside_it_leave_nothing_of_either(studio: Studio) -> None:
    first = drawn(studio, USUAL)
    others = {drawn(studio, task) for task in (INKED, FAST, replace(USUAL, loras=("ink:0.8",)))}
    assert len({first, *others}) == 4
    assert drawn(studio, USUAL) == first


def test_a_picture_does_not_depend_on_where_the_files_of_its_loras_lie(
    studio: Studio, source: Source, tmp_path: Path
) -> None:
    """Sums in another order differ in their last bits; here the files lie in another order than before."""
    expected, ink = drawn(studio, INKED), tmp_path / "loras" / "ink.safetensors"
    for cache, folder in (("0", "1"), ("1", "0")):
        elsewhere = replace(source, cache=tmp_path / cache / "hub", lock=tmp_path / cache / "lock.json")
        (tmp_path / folder).mkdir(exist_ok=True)
        ink = ink.rename(tmp_path / folder / "ink.safetensors")
        parts = loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=elsewhere), elsewhere)
        offers = Offers([tmp_path / folder], [models.sd15_base()])
        assert drawn(Studio(ROW, lambda _, it=parts: it, offers=offers), INKED) == expected


def test_a_stop_leaves_nothing_of_it(studio: Studio) -> None:
    first = drawn(studio, USUAL)
    with closing(studio.run(FAST)) as events:
        next(events)
    assert drawn(studio, USUAL) == first


@pytest.mark.parametrize(
    ("problem", "told"),
    [(ValueError("odd"), ValueError), (torch.OutOfMemoryError("CUDA out of memory"), DrawingFailed)],
)
def test_an_error_or_running_out_of_memory_leaves_nothing_of_it(
    studio: Studio, problem: Exception, told: type[Exception]
) -> None:
    first, fast = drawn(studio, USUAL), drawn(studio, FAST)

    def fails(*_: Any) -> None:
        raise problem

    hook = studio.parts.unet.register_forward_hook(fails)
    with pytest.raises(told):
        studio.pictures(FAST)
    hook.remove()
    assert (drawn(studio, USUAL), drawn(studio, FAST)) == (first, fast)


def test_running_out_of_memory_while_it_is_put_on_leaves_nothing_of_it(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drawn(studio, USUAL)
    real, turns = adapters._summed, iter(range(99))

    def fails(*given: Any) -> Any:
        if next(turns) == 20:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(adapters, "_summed", fails)
        with pytest.raises(DrawingFailed, match="smaller size"):
            studio.pictures(FAST)
    assert drawn(studio, USUAL) == first


def test_a_controlnet_and_a_lora_in_between_leave_nothing_of_it(studio: Studio) -> None:
    lined = Canny(image=GREY.rotate(45), prompt="1girl", steps=2, seed=5, image_kind="photo")
    first, edges = drawn(studio, USUAL), drawn(studio, lined)
    fast = drawn(studio, replace(lined, preset="fast", steps=0, loras=("ink",)))
    assert (drawn(studio, lined), drawn(studio, USUAL)) == (edges, first)
    assert fast != edges


def test_threads_that_change_modes_draw_the_serial_pictures(studio: Studio) -> None:
    tasks = [USUAL, FAST, INKED, replace(USUAL, loras=("ink",))]
    serial = [drawn(studio, task) for task in tasks]
    found: list[list[bytes]] = [[] for _ in tasks]

    def work(at: int) -> None:
        found[at].extend(drawn(studio, tasks[(at + turn) % len(tasks)]) for turn in range(3))

    at_once(len(tasks), work)
    assert found == [[serial[(at + turn) % len(tasks)] for turn in range(3)] for at in range(len(tasks))]


def held(studio: Studio) -> tuple[int, int]:
    """Return the bytes of all tensors that live, each storage once, and those of the LoRAs that are remembered."""
    gc.collect()
    found = (each for each in gc.get_objects() if issubclass(type(each), torch.Tensor))
    tensors = [each for each in found if each.layout == torch.strided]  # a sparse one, of another test, has no storage
    storages = {each.untyped_storage().data_ptr(): each.untyped_storage().nbytes() for each in tensors}
    return sum(storages.values()), sum(each.adapter.size for each in studio.engine.loras._cache.values())


@pytest.mark.slow
def test_fifty_changes_of_mode_and_two_hundred_requests_leave_memory_as_it_was(studio: Studio) -> None:
    """Every fourth request is drawn in another set of LoRAs; each has words, and a source, that no other has."""
    engine = studio.engine
    engine.encoder.cache, engine.pictures.cache, engine.recognised = LRUCache(4), LRUCache(4), LRUCache(4)
    plain: list[Task] = [replace(USUAL, steps=2), ImageToImage(image=GREY, steps=2), Canny(image=GREY, steps=2)]
    sets: list[dict[str, Any]] = [{}, {"sampler": "LCM"}, {"loras": ("ink",)}, {"sampler": "LCM", "loras": ("ink",)}]

    def request(turn: int) -> Task:
        source = {"image": Image.new("RGB", (64, 64), (turn, 0, 0))} if turn % 3 else {}
        return replace(plain[turn % 3], prompt=f"girl {turn}", seed=turn, **source, **sets[turn // 4 % 4])

    for turn in range(20):
        studio.pictures(request(turn))
    before = held(studio)
    for turn in range(20, 220):
        studio.pictures(request(turn))
    studio.pictures(request(19))
    assert held(studio) == before
