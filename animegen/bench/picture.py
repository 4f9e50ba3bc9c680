"""B1: a picture of 20 steps with guidance, by plain StableDiffusionPipeline and by the studio, on equal weights."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from torch.utils.flop_counter import FlopCounterMode

from animegen.bench.machine import synchronize
from animegen.bench.timing import Comparison, compare
from animegen.models.loading import Parts
from animegen.pipelines import samplers, text_to_image
from animegen.pipelines.frames import Progress
from animegen.studio import Studio
from animegen.tasks import TextToImage

CLOSE = 1e-3
"""How far latents of equal arithmetic may lie apart in float32."""
ALIKE = 0.999
"""The least cosine between latents where one side computes in half precision."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureRow:
    """What a picture costs both ways. ``match`` says in words how equal the outputs are; None where they are not."""

    task: str
    match: str | None
    tflop: float
    times: Comparison


def picture(studio: Studio, rounds: int) -> PictureRow:
    """Compare and time a picture, ``rounds`` times each way, a new prompt and seed each time."""
    parts = studio.parts
    task = TextToImage(prompt="1girl, blue hair, red eyes, school uniform, sky", emotion="happy", steps=20, seed=0)
    (first,) = studio.pictures(task)
    asked = first.task
    if not isinstance(asked, TextToImage):
        raise TypeError("the studio answered another task")
    plain = pipeline(parts, asked)

    def by_diffusers(number: int) -> None:
        call(plain, _varied(asked, number), "pil")
        synchronize(parts.placement.device)

    def by_studio(number: int) -> None:
        studio.pictures(_varied(asked, number))

    with FlopCounterMode(display=False) as counter:
        call(plain, asked, "pil")
    return PictureRow(
        task=f"text to image, {asked.width}x{asked.height}, {asked.steps} steps {asked.sampler}, guidance",
        match=match(call(plain, asked, "latent"), latents(studio, asked), half=parts.placement.dtype != torch.float32),
        tflop=counter.get_total_flops() / 1e12,
        times=compare(by_diffusers, by_studio, rounds),
    )


def pipeline(parts: Parts, task: TextToImage) -> StableDiffusionPipeline:
    """Return plain diffusers on weights of its own, as its manual has it: float32 on a CPU, half precision on a GPU."""
    pipe = StableDiffusionPipeline.from_pretrained(
        parts.folder,
        safety_checker=None,
        local_files_only=True,
        dtype=torch.float32 if parts.placement.device.type == "cpu" else parts.placement.dtype,
    ).to(parts.placement.device)
    pipe.scheduler = samplers.build(task.sampler, parts.scheduler_config, task.steps)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def call(pipe: StableDiffusionPipeline, task: TextToImage, output: str) -> Any:
    """Draw a resolved task with plain diffusers from the studio's own noise; ``output`` is pil or latent."""
    shape = (1, pipe.unet.config.in_channels, task.height // pipe.vae_scale_factor, task.width // pipe.vae_scale_factor)
    noise = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(task.seed))
    return pipe(
        task.final_prompt,
        negative_prompt=task.negative_prompt,
        width=task.width,
        height=task.height,
        num_inference_steps=task.steps,
        guidance_scale=task.guidance_scale,
        latents=noise.to(pipe.unet.device, pipe.unet.dtype),
        output_type=output,
    ).images


def latents(studio: Studio, task: TextToImage) -> torch.Tensor:
    """Return the latents that the studio's own pipeline hands to the decoder."""
    *_, last = (each.latents for each in text_to_image.draw(studio.warm(), task) if isinstance(each, Progress))
    return last


def match(plain: torch.Tensor, ours: torch.Tensor, *, half: bool) -> str | None:
    """Return in words how equal two results are, None where they are not equal enough to compare their speed.

    ``half`` says that a side computes in half precision.
    """
    one, other = plain.float().cpu().flatten(), ours.float().cpu().flatten()
    difference = float((one - other).abs().max())
    if difference < CLOSE:
        return f"max |d| {difference:.1e}"
    cosine = float(np.dot(one, other) / (one.norm() * other.norm()))
    return f"cosine {cosine:.5f}" if half and cosine > ALIKE else None


def _varied(task: TextToImage, number: int) -> TextToImage:
    return replace(task, seed=number + 100, final_prompt=f"{task.final_prompt}, {number + 100}")
