"""B1: a picture of 20 steps with guidance, by plain StableDiffusionPipeline and by the studio, on equal weights."""

from typing import Any

import torch

from animegen.bench import plain, speed
from animegen.pipelines import text_to_image
from animegen.pipelines.job import Job
from animegen.studio import Studio
from animegen.tasks import TextToImage


def measure(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time a picture, ``rounds`` times each way, a new prompt and seed each time."""
    parts = studio.parts
    job = studio.resolve(TextToImage(prompt=speed.WORDS, emotion="happy", steps=steps, seed=0))
    pipe = plain.pipeline(parts, job)
    ours = speed.latents(text_to_image.draw(studio.engine, job))
    return speed.measure(
        "B1",
        f"text to image, {speed.name(job)}",
        speed.match(_call(pipe, job, "latent"), ours, half=parts.placement.dtype != torch.float32),
        lambda number: _call(pipe, speed.vary(job, number), "pil"),
        lambda number: studio.pictures(speed.request(speed.vary(job, number))),
        rounds,
    )


def _call(pipe: Any, job: Job[TextToImage], output: str) -> Any:
    return pipe(
        job.texts[0],
        width=job.width,
        height=job.height,
        latents=plain.noise(pipe, job),
        output_type=output,
        **plain.sampling(job),
    ).images
