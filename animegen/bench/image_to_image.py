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
from animegen.studio import Studio
from animegen.tasks import ImageToImage, TextToImage

STRENGTHS: Final = (0.3, 0.4, 0.5, 0.6, 0.7)


def measure(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time five strengths, ``rounds`` times each way, a new picture, prompt and seed each time."""
    parts = studio.parts
    source = studio.pictures(TextToImage(prompt=speed.WORDS, steps=steps, seed=0))[0].image
    wanted = ImageToImage(image=source, prompt=speed.WORDS, emotion="angry", steps=steps, seed=0)
    asked = speed.filled(studio, wanted)
    pipe = _pipeline(parts, asked)

    theirs = [_call(pipe, task, "latent") for task in _moved(asked)]
    ours = [speed.latents(image_to_image.draw(studio.warm(), task)) for task in _moved(asked)]
    return speed.measure(
        "B4",
        f"image to image, {speed.named(asked)}, strength moved {len(STRENGTHS)} times",
        speed.match(torch.cat(theirs), torch.cat(ours), half=parts.placement.dtype != torch.float32),
        lambda number: [_call(pipe, task, "pil") for task in _moved(_varied(asked, number))],
        lambda number: [studio.pictures(task) for task in _moved(_varied(asked, number))],
        rounds,
    )


def _pipeline(parts: Parts, task: ImageToImage) -> Any:
    """Return plain diffusers, which is given the mean of what its encoder says, as the studio takes no sample of it."""
    pipe = plain.pipeline(parts, task, StableDiffusionImg2ImgPipeline)
    encode = pipe.vae.encode
    pipe.vae.encode = lambda pixels: SimpleNamespace(latents=encode(pixels).latent_dist.mode())
    return pipe


def _call(pipe: Any, task: ImageToImage, output: str) -> Any:
    """Draw with plain diffusers; in half precision it would draw other noise from the same seed than the studio."""
    noise, add = plain.noise(pipe, task), type(pipe.scheduler).add_noise
    pipe.scheduler.add_noise = lambda latents, _, times: add(pipe.scheduler, latents, noise, times)
    return pipe(
        task.final_prompt, image=task.image, strength=task.strength, output_type=output, **plain.sampling(task)
    ).images


def _moved(task: ImageToImage) -> list[ImageToImage]:
    return [replace(task, strength=strength) for strength in STRENGTHS]


def _varied(task: ImageToImage, number: int) -> ImageToImage:
    """Return the task with other words, another seed, and a picture rolled by as many pixels as in no other round."""
    number += 100
    rolled = ImageChops.offset(task.image, number)
    return replace(task, image=rolled, final_prompt=f"{task.final_prompt}, {speed.own_words(number)}", seed=number)
