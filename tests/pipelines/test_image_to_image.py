from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionImg2ImgPipeline
from PIL import Image, ImageChops

from animegen.models.loading import Parts
from animegen.pipelines import frames, image_to_image, latents, samplers, text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn, Progress
from animegen.pipelines.job import Job
from animegen.tasks import ImageToImage, TextToImage
from tests import tiny
from tests.jobs import SETTINGS, job

SOURCE = Image.effect_noise((96, 64), 60).convert("RGB")
WORDS = SETTINGS | {"prompt": "blue hair", "steps": 10}


def redrawn(strength: float, **changes: Any) -> Job[ImageToImage]:
    return job(ImageToImage(**WORDS | {"image": SOURCE, "strength": strength} | changes))


def drawn(engine: Engine, wanted: Job[ImageToImage]) -> tuple[list[torch.Tensor], list[Image.Image]]:
    """Return the latents after each step, and the pictures."""
    stages = list(image_to_image.draw(engine, wanted))
    return (
        [stage.latents for stage in stages if isinstance(stage, Progress)],
        [image for stage in stages if isinstance(stage, Drawn) for image in stage.images],
    )


def calls(network: torch.nn.Module) -> list[int]:
    sizes: list[int] = []
    network.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    return sizes


@pytest.mark.parametrize("strength", [0.3, 0.8])
@pytest.mark.parametrize("sampler", ["DPM++ 2M", "Euler", "DDIM"])
def test_our_loop_redraws_what_plain_stable_diffusion_redraws(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, sampler: str, strength: float
) -> None:
    mean = latents.encode(parts, SOURCE) / parts.vae.config.scaling_factor
    plain = StableDiffusionImg2ImgPipeline(**tiny.pipeline(parts).components, requires_safety_checker=False)
    plain.set_progress_bar_config(disable=True)
    plain.scheduler = samplers.build(sampler, parts.scheduler_config, 10)
    with monkeypatch.context() as patch:
        patch.setattr(parts.vae, "encode", lambda _: SimpleNamespace(latents=mean))  # plain draws a sample of it
        expected = plain(
            "blue hair",
            image=SOURCE,
            negative_prompt="red",
            strength=strength,
            num_inference_steps=10,
            guidance_scale=5.0,
            generator=torch.Generator().manual_seed(7),
            output_type="latent",
        ).images
    ours, _ = drawn(Engine(parts), redrawn(strength, sampler=sampler))
    assert (ours[-1] - expected).abs().max() < 1e-4


def test_strength_zero_is_the_source_and_costs_nothing(parts: Parts) -> None:
    steps, encodes, decodes = calls(parts.unet), calls(parts.vae.encoder), calls(parts.vae.decoder)
    _, (image,) = drawn(Engine(parts), redrawn(0.0))
    assert image.tobytes() == SOURCE.tobytes()
    assert image is not SOURCE
    assert (steps, encodes, decodes) == ([], [], [])


def test_strength_one_is_a_drawing_from_words_alone(parts: Parts) -> None:
    encodes = calls(parts.vae.encoder)
    _, (image,) = drawn(Engine(parts), redrawn(1.0))
    *_, last = text_to_image.draw(Engine(parts), job(TextToImage(**WORDS, width=96, height=64)))
    assert isinstance(last, Drawn)
    assert image.tobytes() == last.images[0].tobytes()
    assert encodes == []


@pytest.mark.parametrize(("strength", "expected"), [(0.01, 1), (0.3, 3), (0.58, 6), (0.7, 7), (0.95, 10), (1.0, 10)])
def test_so_much_of_the_steps_is_drawn(parts: Parts, strength: float, expected: int) -> None:
    path, _ = drawn(Engine(parts), redrawn(strength))
    assert len(path) == expected


def test_fifty_steps_at_any_strength_are_rounded_not_cut() -> None:
    assert [50 - frames.first_step(50, strength) for strength in (0.58, 0.29, 0.0)] == [29, 14, 0]


def test_less_strength_stays_closer_to_the_source(parts: Parts) -> None:
    def distance(strength: float) -> float:
        path, _ = drawn(Engine(parts), redrawn(strength))
        return float((path[-1] - latents.encode(parts, SOURCE)).abs().mean())

    assert distance(0.1) < distance(0.5) < distance(1.0)


def test_moving_the_strength_encodes_nothing_again(parts: Parts) -> None:
    engine, encodes, texts = Engine(parts), calls(parts.vae.encoder), calls(parts.text_encoder)
    for strength in (0.7, 0.6, 0.5, 0.4, 0.3):
        drawn(engine, redrawn(strength))
    assert encodes == [1]
    assert len(texts) <= 2


@pytest.mark.parametrize("sampler", samplers.names())
def test_a_picture_of_a_batch_is_its_single_within_two_grey_levels(parts: Parts, sampler: str) -> None:
    engine = Engine(parts)
    _, batch = drawn(engine, replace(redrawn(0.5, count=3, seed=5), sampler=sampler))
    _, (single,) = drawn(engine, replace(redrawn(0.5), sampler=sampler))
    assert max(high for _, high in ImageChops.difference(batch[2], single).getextrema()) <= 2


def test_a_batch_that_is_too_large_for_the_memory_is_drawn_in_halves(parts: Parts) -> None:
    engine, sizes = Engine(parts), calls(parts.unet)

    def short(_: Any, inputs: tuple[torch.Tensor, ...]) -> None:
        if len(inputs[0]) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory.")

    _, whole = drawn(engine, redrawn(0.5, count=3, seed=5))
    parts.unet.register_forward_pre_hook(short)
    sizes.clear()
    stages = list(image_to_image.draw(engine, redrawn(0.5, count=3, seed=5)))
    images = [image for stage in stages if isinstance(stage, Drawn) for image in stage.images]
    progress = [(stage.step, stage.steps) for stage in stages if isinstance(stage, Progress)]
    assert sizes == [6] + [2] * 15
    assert progress == [(step, 15) for step in range(1, 16)]
    assert all(
        max(high for _, high in ImageChops.difference(one, other).getextrema()) <= 2
        for one, other in zip(images, whole, strict=True)
    )
