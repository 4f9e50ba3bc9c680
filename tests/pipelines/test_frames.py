"""Emotion paths and animations: frames that are samples of their own, drawn in few batches."""

from typing import Any

import pytest
import torch
from PIL import Image, ImageChops

from animegen.models.loading import Parts
from animegen.pipelines import animation, emotion_path, samplers, text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn, Progress
from animegen.pipelines.job import Job
from animegen.tasks import Animation, EmotionPath, TextToImage
from tests.jobs import SETTINGS, job

SOURCE = Image.effect_noise((64, 64), 60).convert("RGB")
ENDS = ["girl, happy", "girl, very sad"]
ROUGH = [18]
"""The pictures in each call of a path's rough drawings, with guidance."""


def path(*texts: str, **changes: Any) -> Job[EmotionPath]:
    return job(EmotionPath(**SETTINGS | {"frames": 5} | changes), texts=(*ENDS, *texts))


def moving(*texts: str, **changes: Any) -> Job[Animation]:
    return job(Animation(**SETTINGS | {"image": SOURCE, "frames": 8, "steps": 10} | changes), texts=texts)


def images(stages: Any) -> list[Image.Image]:
    return [image for stage in stages if isinstance(stage, Drawn) for image in stage.images]


def alike(one: Image.Image, other: Image.Image) -> bool:
    return max(high for _, high in ImageChops.difference(one, other).getextrema()) <= 2


def calls(network: torch.nn.Module) -> list[int]:
    sizes: list[int] = []
    network.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    return sizes


@pytest.mark.parametrize("sampler", samplers.names())
def test_a_path_begins_and_ends_with_the_pure_emotions(parts: Parts, sampler: str) -> None:
    engine = Engine(parts)
    frames = images(emotion_path.draw(engine, path(sampler=sampler)))
    for frame, text in ((frames[0], ENDS[0]), (frames[-1], ENDS[1])):
        pure = job(TextToImage(**SETTINGS | {"sampler": sampler, "prompt": text}))
        assert alike(frame, images(text_to_image.draw(engine, pure))[0])


def test_every_frame_alone_is_the_frame_of_the_path(parts: Parts) -> None:
    engine = Engine(parts)
    frames = images(emotion_path.draw(engine, path()))
    singles = [images(emotion_path.draw(engine, path(frame=number)))[0] for number in range(1, 6)]
    assert all(alike(*both) for both in zip(frames, singles, strict=True))
    assert len({frame.tobytes() for frame in frames}) == 5


def test_a_frame_is_drawn_from_words_between_and_not_mixed_from_its_neighbours(parts: Parts) -> None:
    engine, seen = Engine(parts), []
    parts.unet.register_forward_pre_hook(
        lambda _, args, words: seen.append(words["encoder_hidden_states"]), with_kwargs=True
    )
    list(emotion_path.draw(engine, path()))
    first, last = engine.encoder.encode(ENDS)
    drawn_from = seen[-1][5:]
    assert torch.equal(drawn_from[0], first)
    assert torch.equal(drawn_from[4], last)
    share = (drawn_from[1] - first).norm() / (last - first).norm()
    assert 0 < share < 0.5
    assert torch.allclose(drawn_from[1], torch.lerp(first, last, share), atol=1e-5)


def test_a_path_is_one_batch_and_is_decoded_once(parts: Parts) -> None:
    steps, decodes = calls(parts.unet), calls(parts.vae.decoder)
    list(emotion_path.draw(Engine(parts), path()))
    assert (steps, decodes) == (ROUGH + [10] * 5, [5])


def test_frames_lie_where_drawings_have_come_equally_far() -> None:
    places = emotion_path.place_evenly(torch.tensor([0.0, 0.0, 1.0, 3.0, 4.0])[:, None], [0, 0.25, 0.5, 0.75, 1])
    assert places == pytest.approx([0, 0.5, 0.625, 0.75, 1], abs=0.01)
    assert (places[0], places[-1]) == (0, 1)


def test_frames_between_equal_drawings_lie_where_words_change_evenly() -> None:
    assert emotion_path.place_evenly(torch.ones(9, 4), [0, 0.5, 1]) == pytest.approx([0, 0.5, 1])


def test_a_pure_emotion_is_drawn_without_rough_drawings(parts: Parts) -> None:
    steps = calls(parts.unet)
    list(emotion_path.draw(Engine(parts), path(frame=5)))
    list(emotion_path.draw(Engine(parts), path(frames=2)))
    assert steps == [2] * 5 + [4] * 5


@pytest.mark.parametrize(("frames", "steps", "rough"), [(9, 20, [18] * 4), (3, 20, [10] * 4), (9, 50, [18] * 4)])
def test_rough_drawings_are_few_beside_the_frames(parts: Parts, frames: int, steps: int, rough: list[int]) -> None:
    called = calls(parts.unet)
    list(emotion_path.draw(Engine(parts), path(frames=frames, steps=steps)))
    assert called == rough + [2 * frames] * steps


def test_a_path_of_a_picture_that_is_not_drawn_anew_is_that_picture(parts: Parts) -> None:
    steps = calls(parts.unet)
    frames = images(emotion_path.draw(Engine(parts), path(image=SOURCE, strength=0)))
    assert (steps, {frame.tobytes() for frame in frames}) == ([], {SOURCE.tobytes()})


def test_several_paths_are_one_batch_too(parts: Parts) -> None:
    steps = calls(parts.unet)
    two = path("girl, calm", "girl, angry", from_emotion="happy,calm", to_emotion="sad,angry")
    frames = images(emotion_path.draw(Engine(parts), two))
    assert (steps, len(frames)) == ([36] + [20] * 5, 10)


def test_shared_steps_are_drawn_once_for_all_frames(parts: Parts) -> None:
    engine, steps = Engine(parts), calls(parts.unet)
    stages = list(emotion_path.draw(engine, path(shared_steps=0.4)))
    assert steps == [*ROUGH, 2, 2, 10, 10, 10]
    assert [(stage.step, stage.steps) for stage in stages if isinstance(stage, Progress)] == [
        (step, 6) for step in range(1, 7)
    ]
    assert len({frame.tobytes() for frame in images(stages)}) == 5


@pytest.mark.parametrize("sampler", samplers.names())
def test_a_frame_with_shared_steps_alone_is_the_frame_of_the_path(parts: Parts, sampler: str) -> None:
    engine, shared = Engine(parts), {"shared_steps": 0.4, "sampler": sampler}
    frames = images(emotion_path.draw(engine, path(**shared)))
    (single,) = images(emotion_path.draw(engine, path(frame=2, **shared)))
    assert alike(frames[1], single)


def test_a_path_of_a_picture_keeps_to_it_and_encodes_it_once(parts: Parts) -> None:
    engine, encodes, steps = Engine(parts), calls(parts.vae.encoder), calls(parts.unet)
    frames = images(emotion_path.draw(engine, path(image=SOURCE, strength=0.4)))
    assert (len(frames), encodes, steps) == (5, [1], [18] + [10] * 2)


def test_an_animation_draws_more_of_the_picture_anew_from_frame_to_frame(parts: Parts) -> None:
    engine, steps, encodes = Engine(parts), calls(parts.unet), calls(parts.vae.encoder)
    frames = images(animation.draw(engine, moving("girl, calm", "girl, happy")))
    assert len(frames) == 8
    assert encodes == [1]
    assert sum(steps) == 2 * sum(round(10 * (0.3 + 0.4 * index / 7)) for index in range(8))
    assert len(steps) == 3 + 4 + 5 + 6 + 7


def test_a_frame_of_an_animation_alone_is_that_frame(parts: Parts) -> None:
    engine, texts = Engine(parts), ["girl, calm", "girl, happy", "girl, sad"]
    frames = images(animation.draw(engine, moving(*texts)))
    for number in (1, 4, 8):
        (single,) = images(animation.draw(engine, moving(*texts, frame=number)))
        assert alike(frames[number - 1], single)


def test_an_animation_goes_through_its_emotions_in_their_order(parts: Parts) -> None:
    engine, seen = Engine(parts), []
    parts.unet.register_forward_pre_hook(
        lambda _, args, words: seen.append(words["encoder_hidden_states"]), with_kwargs=True
    )
    texts = ["girl, calm", "girl, happy", "girl, sad"]
    for number in (1, 5, 9):
        list(animation.draw(engine, moving(*texts, frames=9, frame=number)))
        assert torch.equal(seen[-1][-1], engine.encoder.encode([texts[(number - 1) // 4]])[0])


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_path_that_is_too_large_for_the_memory_comes_in_smaller_batches(parts: Parts, most: int) -> None:
    engine = Engine(parts)
    whole = images(emotion_path.draw(engine, path()))

    def short(_: Any, inputs: tuple[torch.Tensor, ...]) -> None:
        if len(inputs[0]) > 2 * most:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    parts.unet.register_forward_pre_hook(short)
    frames = images(emotion_path.draw(engine, path()))
    assert all(alike(*both) for both in zip(frames, whole, strict=True))
