"""B6: a path of eight frames, by plain diffusers frame by frame and by the studio in one batch, exact and shared.

The studio makes rough drawings first, to find out where the frames lie; plain diffusers draws them where words change
evenly, and for the comparison of the outputs where the studio found.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import torch
from torch import Tensor

from animegen.bench import plain, speed
from animegen.pipelines import emotion_path, frames
from animegen.pipelines.job import Job
from animegen.studio import Studio
from animegen.tasks import EmotionPath

FRAMES: Final = 8
SHARED: Final = 0.3
"""The part of the steps that one drawing takes for all frames."""


def exact(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time a path of frames that are samples of their own, ``rounds`` times each way."""
    request = _request(steps)
    job, half = studio.resolve(request), studio.parts.placement.dtype != torch.float32
    pipe = plain.pipeline(studio.parts, job)
    ours = speed.latents(emotion_path.draw(studio.engine, job))
    return speed.measure(
        "B6",
        f"emotion path of {FRAMES} frames, {speed.name(job)}",
        speed.match(torch.cat(_frames(pipe, job, "latent", _places(studio, job))), ours, half=half),
        lambda number: _frames(pipe, studio.resolve(_vary(request, number)), "pil"),
        lambda number: studio.pictures(_vary(request, number)),
        rounds,
    )


def shared(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Time a path whose frames share their first steps against the same plain frames; what that loses is told."""
    request = _request(steps)
    job, approximate = studio.resolve(request), replace(request, shared_steps=SHARED)
    pipe = plain.pipeline(studio.parts, job)
    pictures, wanted = ([each.image for each in studio.pictures(task)] for task in (approximate, request))
    return speed.measure(
        "B6",
        f"emotion path of {FRAMES} frames, {speed.name(job)}, {SHARED:.0%} of the steps shared",
        speed.loss(pictures, wanted),
        lambda number: _frames(pipe, studio.resolve(_vary(request, number)), "pil"),
        lambda number: studio.pictures(_vary(approximate, number)),
        rounds,
    )


def _request(steps: int) -> EmotionPath:
    return EmotionPath(
        prompt=speed.WORDS, from_emotion=("happy",), to_emotion=("sad",), frames=FRAMES, steps=steps, seed=0
    )


def _places(studio: Studio, job: Job[EmotionPath]) -> list[float]:
    """Return where the studio puts the frames of a path between its ends."""
    engine = studio.engine
    first, last = engine.encoder.encode(job.texts).chunk(2)
    (found,) = speed.value(emotion_path.space_evenly(engine, job, frames.plan(engine, job, []), [(first, last)]))
    return found


@torch.no_grad()
def _frames(pipe: Any, job: Job[EmotionPath], output: str, places: Sequence[float] = ()) -> list[Any]:
    """Draw each frame with plain diffusers, from words at ``places`` between both ends, evenly where none are named."""
    first, last = (_words(pipe, text) for text in job.texts)
    return [
        pipe(
            prompt_embeds=torch.lerp(first, last, place),
            width=job.width,
            height=job.height,
            latents=plain.noise(pipe, job),
            output_type=output,
            **plain.sampling(job),
        ).images
        for place in places or map(job.request.position, job.request.numbers)
    ]


def _words(pipe: Any, text: str) -> Tensor:
    words: Tensor = pipe.encode_prompt(text, pipe.unet.device, 1, do_classifier_free_guidance=False)[0]
    return words


def _vary(task: EmotionPath, number: int) -> EmotionPath:
    return replace(task, seed=number + 100, prompt=f"{task.prompt}, {number + 100}")
