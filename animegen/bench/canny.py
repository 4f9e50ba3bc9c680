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
from animegen.studio import Studio
from animegen.tasks import Canny, TextToImage

END: Final = 0.6


def measure(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time a picture, ``rounds`` times each way, a new prompt and seed each time.

    A model without a ControlNet of its own gets one of random weights, which costs as much, and the row says so.
    """
    parts, engine = studio.parts, studio.warm()
    try:
        network, note = engine.controlnet, ""
    except ModelUnavailable:
        network, note = random(parts), ", ControlNet of random weights"
        engine.controlnet = network
    source = studio.pictures(TextToImage(prompt=speed.WORDS, steps=steps, seed=0))[0].image
    wanted = Canny(image=source, image_kind="photo", prompt=speed.WORDS, steps=steps, end=END, seed=0)
    asked = speed.filled(studio, wanted)
    edges, *_ = studio.edges(asked)
    pipe = _pipeline(parts, asked, network)
    ours = speed.latents(canny.draw(engine, asked))
    return speed.measure(
        "B5",
        f"canny, {speed.named(asked)}, acting until {END}{note}",
        speed.match(_call(pipe, asked, edges, "latent"), ours, half=parts.placement.dtype != torch.float32),
        lambda number: _call(pipe, speed.varied(asked, number), edges, "pil"),
        lambda number: studio.pictures(speed.varied(asked, number)),
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


def _pipeline(parts: Parts, task: Canny, network: ControlNetModel) -> Any:
    own = deepcopy(network).type(plain.dtype(parts)).to(memory_format=torch.contiguous_format)
    return plain.pipeline(parts, task, StableDiffusionControlNetPipeline, controlnet=own)


def _call(pipe: Any, task: Canny, edges: Image.Image, output: str) -> Any:
    return pipe(
        task.final_prompt,
        image=edges,
        width=task.width,
        height=task.height,
        controlnet_conditioning_scale=task.conditioning_scale,
        control_guidance_start=task.start,
        control_guidance_end=task.end,
        latents=plain.noise(pipe, task),
        output_type=output,
        **plain.sampling(task),
    ).images
