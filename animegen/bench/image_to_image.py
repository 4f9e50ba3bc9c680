"""B4: the strength moved five times on one picture, which the studio encodes once and plain diffusers five times."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

import torch
from diffusers import StableDiffusionImg2ImgPipeline
from PIL import ImageChops

from animegen.bench import plain, speed
from animegen.models.loading import Parts
from animegen.pipelines import image_to_image
from animegen.pipelines.job import Job
from animegen.studio import Studio
from animegen.tasks import ImageToImage, TextToImage

STRENGTHS: Final = (0.3, 0.4, 0.5, 0.6, 0.7)


def measure(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time five strengths, ``rounds`` times each way, a new picture, prompt and seed each time."""
    parts = studio.parts
    source = studio.pictures(TextToImage(prompt=speed.WORDS, steps=steps, seed=0))[0].image
    wanted = ImageToImage(image=source, prompt=speed.WORDS, emotion="angry", steps=steps, seed=0)
    job = studio.resolve(wanted)
    pipe = _pipeline(parts, job)

    theirs = [_call(pipe, each, "latent") for each in _move(job)]
    ours = [speed.latents(image_to_image.draw(studio.engine, each)) for each in _move(job)]
    return speed.measure(
        "B4",
        f"image to image, {speed.name(job)}, strength moved {len(STRENGTHS)} times",
        speed.match(torch.cat(theirs), torch.cat(ours), half=parts.placement.dtype != torch.float32),
        lambda number: [_call(pipe, each, "pil") for each in _move(_vary(job, number))],
        lambda number: [studio.pictures(speed.request(each)) for each in _move(_vary(job, number))],
        rounds,
    )


def _pipeline(parts: Parts, job: Job[ImageToImage]) -> Any:
    """Return plain diffusers, which is given the mean of what its encoder says, as the studio takes no sample of it."""
    pipe = plain.pipeline(parts, job, StableDiffusionImg2ImgPipeline)
    encode = pipe.vae.encode
    pipe.vae.encode = lambda pixels: SimpleNamespace(latents=encode(pixels).latent_dist.mode())
    return pipe


def _call(pipe: Any, job: Job[ImageToImage], output: str) -> Any:
    """Draw with plain diffusers; in half precision it would draw other noise from the same seed than the studio."""
    noise, add = plain.noise(pipe, job), type(pipe.scheduler).add_noise
    pipe.scheduler.add_noise = lambda latents, _, times: add(pipe.scheduler, latents, noise, times)
    return pipe(
        job.texts[0], image=job.source, strength=job.request.strength, output_type=output, **plain.sampling(job)
    ).images


def _move(job: Job[ImageToImage]) -> list[Job[ImageToImage]]:
    return [replace(job, request=replace(job.request, strength=strength)) for strength in STRENGTHS]


def _vary(job: Job[ImageToImage], number: int) -> Job[ImageToImage]:
    """Return the job with other words, another seed, and a picture rolled by as many pixels as in no other round."""
    number += 100
    rolled = ImageChops.offset(job.source, number) if job.source else None
    return replace(job, source=rolled, texts=(f"{job.texts[0]}, {speed.own_words(number)}",), seed=number)
