import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import torch
from PIL import ImageChops

from animegen.errors import DrawingFailed, InvalidRequest, ModelUnavailable
from animegen.models.loading import Parts
from animegen.pipelines import frames, preview
from animegen.settings import Settings
from animegen.studio import Studio
from animegen.tasks import MAX_SEED, Picture, Preview, TextToImage
from tests import tiny

TASK = TextToImage(prompt="1girl, blue hair", steps=3, seed=5)


@pytest.fixture
def studio(parts: Parts) -> Studio:
    return Studio(tiny.ROW, lambda _: parts)


def calls(network: torch.nn.Module) -> list[int]:
    """Return a list that grows by the batch size of each call of a network."""
    sizes: list[int] = []
    network.register_forward_hook(lambda _, inputs, output: sizes.append(len(output[0])))
    return sizes


def same(one: Picture, other: Picture) -> bool:
    return one.image.tobytes() == other.image.tobytes()


# What is drawn


def test_a_task_gives_its_steps_and_then_its_pictures(studio: Studio) -> None:
    results = list(studio.run(replace(TASK, count=2)))
    assert [(result.step, result.steps) for result in results[:3] if isinstance(result, Preview)] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert [result.seed for result in results[3:] if isinstance(result, Picture)] == [5, 6]


def test_the_pictures_of_a_batch_come_before_the_next_batch_is_begun(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "BATCH_PIXELS", 2 * 64 * 64)
    drawn = list(studio.run(replace(TASK, count=3)))
    kinds = "".join("p" if isinstance(result, Preview) else "P" for result in drawn)
    assert kinds == "pppPPpppP"
    assert [result.seed for result in drawn if isinstance(result, Picture)] == [5, 6, 7]


def test_the_same_task_draws_the_same_bytes(studio: Studio) -> None:
    (one,), (other,) = studio.pictures(TASK), studio.pictures(TASK)
    assert same(one, other)


def test_another_seed_draws_another_picture(studio: Studio) -> None:
    (one,), (other,) = studio.pictures(TASK), studio.pictures(replace(TASK, seed=6))
    assert not same(one, other)


@pytest.mark.parametrize("sampler", ["DPM++ 2M", "Euler a", "DPM++ 2M SDE Karras"])
def test_a_picture_of_a_batch_differs_from_its_single_by_two_grey_levels_at_most(studio: Studio, sampler: str) -> None:
    batch = studio.pictures(replace(TASK, sampler=sampler, count=3))
    (single,) = studio.pictures(batch[2].task)
    extrema = ImageChops.difference(batch[2].image, single.image).getextrema()
    assert max(high for _, high in extrema) <= 2


def test_a_pictures_task_redraws_it_to_the_bit(studio: Studio) -> None:
    (drawn,) = studio.pictures(replace(TASK, seed=-1, emotion="happy", negative_prompt="hat"))
    (again,) = studio.pictures(drawn.task)
    assert same(drawn, again)
    assert again.task == drawn.task


def test_a_pictures_task_has_everything_filled(studio: Studio) -> None:
    (drawn,) = studio.pictures(TextToImage(prompt="1girl", preset="fast"))
    task = drawn.task
    assert (task.steps, task.guidance_scale, task.sampler, task.width, task.height) == (8, 7.5, "DPM++ 2M", 64, 64)
    assert task.final_prompt
    assert task.seed >= 0
    assert drawn.model == "tiny"


def test_a_model_with_a_guidance_scale_of_its_own_draws_by_it(parts: Parts) -> None:
    studio = Studio(replace(tiny.ROW, guidance_scale=3.0), lambda _: parts)
    assert studio.pictures(replace(TASK, guidance_scale=0.0))[0].task.guidance_scale == 3.0
    assert studio.pictures(replace(TASK, guidance_scale=5.0))[0].task.guidance_scale == 5.0


def test_a_wide_picture_is_as_wide_as_asked(studio: Studio) -> None:
    (drawn,) = studio.pictures(replace(TASK, width=128, height=96))
    assert drawn.image.size == (128, 96)


def test_an_edited_final_prompt_is_drawn_as_it_stands(studio: Studio) -> None:
    (drawn,) = studio.pictures(replace(TASK, emotion="sad", final_prompt="1boy,  red hair"))
    assert drawn.task.final_prompt == "1boy,  red hair"


def test_the_negative_prompt_acts_through_the_guidance_alone(studio: Studio) -> None:
    def drawn(guidance: float, negative: str) -> Picture:
        return studio.pictures(replace(TASK, guidance_scale=guidance, negative_prompt=negative))[0]

    assert not same(drawn(7.0, "hat"), drawn(7.0, "scarf"))
    assert same(drawn(1.0, "hat"), drawn(1.0, "scarf"))


def test_the_end_of_a_long_negative_prompt_is_reported(studio: Studio) -> None:
    (drawn,) = studio.pictures(replace(TASK, negative_prompt="a " * 80))
    assert any("negative prompt" in str(note) for note in drawn.notes)


# What it costs


def test_a_repeated_prompt_encodes_nothing(studio: Studio) -> None:
    studio.pictures(TASK)
    encoded = calls(studio.parts.text_encoder)
    studio.pictures(replace(TASK, seed=9))
    assert encoded == []


def test_the_network_is_called_once_a_step_and_the_decoder_once_a_batch(studio: Studio) -> None:
    steps, decodes = calls(studio.parts.unet), calls(studio.parts.vae.decoder)
    studio.pictures(replace(TASK, count=4))
    assert len(steps) == 3
    assert len(decodes) == 1


def test_the_parts_are_loaded_once_and_only_when_they_are_needed(parts: Parts) -> None:
    loads: list[Any] = []
    studio = Studio(tiny.ROW, lambda row: loads.append(row) or parts)
    assert loads == []
    studio.pictures(TASK)
    studio.pictures(TASK)
    assert loads == [tiny.ROW]


# Previews


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that goes forward by so much each time it is read."""
    ticks = count()
    return lambda: next(ticks) * seconds


def with_colours(parts: Parts, folder: Any) -> Parts:
    preview.save(preview.PreviewMap(torch.ones(3, 8), torch.zeros(3)), folder)
    return replace(parts, folder=folder)


def shown(studio: Studio) -> list[int]:
    """Return the steps whose preview carries a picture."""
    return [
        result.step for result in studio.run(replace(TASK, steps=10)) if isinstance(result, Preview) and result.images
    ]


def test_the_first_preview_comes_at_once_and_the_others_five_times_a_second(parts: Parts, tmp_path: Any) -> None:
    studio = Studio(tiny.ROW, lambda _: with_colours(parts, tmp_path), clock=ticking(0.05))
    steps = shown(studio)
    assert steps[0] == 1
    assert len(steps) == 3


def test_a_slow_drawing_shows_every_step(parts: Parts, tmp_path: Any) -> None:
    studio = Studio(tiny.ROW, lambda _: with_colours(parts, tmp_path), clock=ticking(1.0))
    assert shown(studio) == list(range(1, 11))


def test_a_preview_has_a_small_picture_for_each_of_the_batch(parts: Parts, tmp_path: Any) -> None:
    studio = Studio(tiny.ROW, lambda _: with_colours(parts, tmp_path))
    with closing(studio.run(replace(TASK, count=2))) as results:
        first = next(results)
    assert isinstance(first, Preview)
    assert [image.size for image in first.images] == [(128, 128)] * 2


# Stopping, sharing, failing


def test_stopping_after_one_step_frees_the_studio_for_the_next_task(studio: Studio) -> None:
    steps = calls(studio.parts.unet)
    expected = studio.pictures(TASK)
    steps.clear()
    results = studio.run(replace(TASK, steps=50))
    next(results)
    results.close()
    assert len(steps) == 1
    assert same(studio.pictures(TASK)[0], expected[0])


def test_a_drawing_may_go_on_in_another_thread_than_it_began_in(studio: Studio) -> None:
    (expected,) = studio.pictures(TASK)
    results, rest = studio.run(TASK), []
    next(results)
    thread = threading.Thread(target=lambda: rest.extend(results))
    thread.start()
    thread.join()
    assert same(rest[-1], expected)


def test_threads_that_draw_at_once_get_the_pictures_of_their_own_tasks(studio: Studio) -> None:
    tasks = [replace(TASK, seed=seed, prompt=prompt) for seed, prompt in enumerate(["a", "b", "a", "c"])]
    expected = [studio.pictures(task)[0] for task in tasks]
    drawn: dict[int, Picture] = {}

    def draw(task: TextToImage) -> None:
        drawn[task.seed] = studio.pictures(task)[0]

    threads = [threading.Thread(target=draw, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(drawn[task.seed], picture) for task, picture in zip(tasks, expected, strict=True))


@pytest.mark.parametrize(
    "problem",
    [
        torch.OutOfMemoryError("CUDA out of memory."),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_running_out_of_memory_suggests_less_and_the_next_task_works(studio: Studio, problem: Exception) -> None:
    def fail(*_: Any) -> None:
        raise problem

    hook = studio.parts.unet.register_forward_pre_hook(fail)
    with pytest.raises(DrawingFailed, match="smaller size or fewer pictures"):
        studio.pictures(TASK)
    hook.remove()
    assert len(studio.pictures(TASK)) == 1


def test_another_runtime_error_is_not_called_a_lack_of_memory(studio: Studio) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a mistake of ours")

    studio.parts.unet.register_forward_pre_hook(fail)
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        studio.pictures(TASK)


# What is refused


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 80}, "multiples of 32 from 64 to 128"),
        ({"height": 256}, "multiples of 32 from 64 to 128"),
        ({"sampler": "PLMS"}, "no sampler named 'PLMS'"),
        ({"preset": "instant"}, "fast, balanced, quality"),
        ({"emotion": "bored"}, "happy"),
        ({"seed": MAX_SEED, "count": 2}, "start at 4294967294 or below"),
    ],
)
def test_what_the_model_or_the_tables_lack_is_refused_before_anything_is_drawn(
    studio: Studio, changes: dict[str, Any], message: str
) -> None:
    steps = calls(studio.parts.unet)
    with pytest.raises(InvalidRequest, match=message):
        studio.run(replace(TASK, **changes))
    assert steps == []


def test_a_studio_without_weights_says_so_when_asked_to_draw() -> None:
    def missing(_: Any) -> Parts:
        raise ModelUnavailable("models.weights_absent")

    with pytest.raises(ModelUnavailable):
        Studio(tiny.ROW, missing).run(TASK)


def test_the_settings_choose_the_model_and_the_studio_says_why() -> None:
    studio = Studio.load(Settings(model="auto"))
    assert studio.row.name == "chibi"
    assert str(studio.reason).endswith(".")


def test_an_unknown_model_is_refused_at_the_start() -> None:
    with pytest.raises(ModelUnavailable, match="auto, chibi"):
        Studio.load(Settings(model="mona"))
