"""B1: a picture of 20 steps with guidance, by plain StableDiffusionPipeline and by the studio, on equal weights."""

from typing import Any

import torch

from animegen.bench import plain, speed
from animegen.pipelines import text_to_image
from animegen.studio import Studio
from animegen.tasks import TextToImage


def measure(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time a picture, ``rounds`` times each way, a new prompt and seed each time."""
    parts = studio.parts
    asked = speed.filled(studio, TextToImage(prompt=speed.WORDS, emotion="happy", steps=steps, seed=0))
    pipe = plain.pipeline(parts, asked)
    ours = speed.latents(text_to_image.draw(studio.warm(), asked))
    return speed.measure(
        "B1",
        f"text to image, {speed.named(asked)}",
        speed.match(_call(pipe, asked, "latent"), ours, half=parts.placement.dtype != torch.float32),
        lambda number: _call(pipe, speed.varied(asked, number), "pil"),
        lambda number: studio.pictures(speed.varied(asked, number)),
        rounds,
    )


def _call(pipe: Any, task: TextToImage, output: str) -> Any:
    return pipe(
        task.final_prompt,
        width=task.width,
        height=task.height,
        latents=plain.noise(pipe, task),
        output_type=output,
        **plain.sampling(task),
    ).images
