"""B5: a picture along edges that act until 0.6 of the steps; plain diffusers computes its ControlNet in all of them."""

from copy import deepcopy
from typing import Any, Final

import torch
from diffusers import ControlNetModel, StableDiffusionControlNetPipeline
from PIL import Image

from animegen.bench import plain, speed
from animegen.errors import ModelUnavailable
from animegen.models.loading import Parts
from animegen.pipelines import canny
from animegen.pipelines.job import Job
from animegen.studio import Studio
from animegen.tasks import Canny, TextToImage

END: Final = 0.6


def measure(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time a picture, ``rounds`` times each way, a new prompt and seed each time.

    A model without a ControlNet of its own gets one of random weights, which costs as much, and the row says so.
    """
    parts, engine = studio.parts, studio.engine
    try:
        network, note = engine.controlnet, ""
    except ModelUnavailable:
        network, note = random(parts), ", ControlNet of random weights"
        engine.controlnet = network
    source = studio.pictures(TextToImage(prompt=speed.WORDS, steps=steps, seed=0))[0].image
    wanted = Canny(image=source, image_kind="photo", prompt=speed.WORDS, steps=steps, end=END, seed=0)
    job = studio.resolve(wanted)
    edges, *_ = studio.edges(wanted)
    pipe = _pipeline(parts, job, network)
    ours = speed.latents(canny.draw(engine, job))
    return speed.measure(
        "B5",
        f"canny, {speed.name(job)}, acting until {END}{note}",
        speed.match(_call(pipe, job, edges, "latent"), ours, half=parts.placement.dtype != torch.float32),
        lambda number: _call(pipe, speed.vary(job, number), edges, "pil"),
        lambda number: studio.pictures(speed.request(speed.vary(job, number))),
        rounds,
    )


def random(parts: Parts) -> ControlNetModel:
    """Return a ControlNet for a model's UNet, placed as it is; what a new one adds nothing by is filled with noise."""
    network = ControlNetModel.from_unet(parts.unet).eval().requires_grad_(False)
    chance = torch.Generator("cpu").manual_seed(0)
    for weight in network.parameters():
        if not weight.any():
            weight.normal_(std=0.02, generator=chance)
    placed: ControlNetModel = network.type(parts.unet.dtype).to(
        parts.placement.device, memory_format=torch.channels_last
    )
    return placed


def _pipeline(parts: Parts, job: Job[Canny], network: ControlNetModel) -> Any:
    own = deepcopy(network).type(plain.dtype(parts)).to(memory_format=torch.contiguous_format)
    return plain.pipeline(parts, job, StableDiffusionControlNetPipeline, controlnet=own)


def _call(pipe: Any, job: Job[Canny], edges: Image.Image, output: str) -> Any:
    return pipe(
        job.texts[0],
        image=edges,
        width=job.width,
        height=job.height,
        controlnet_conditioning_scale=job.request.conditioning_scale,
        control_guidance_start=job.request.start,
        control_guidance_end=job.request.end,
        latents=plain.noise(pipe, job),
        output_type=output,
        **plain.sampling(job),
    ).images
