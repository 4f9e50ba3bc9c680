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
from animegen.studio import Studio
from animegen.tasks import EmotionPath

FRAMES: Final = 8
SHARED: Final = 0.3
"""The part of the steps that one drawing takes for all frames."""


def exact(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Compare and time a path of frames that are samples of their own, ``rounds`` times each way."""
    asked = _filled(studio, steps)
    pipe, half = plain.pipeline(studio.parts, asked), studio.parts.placement.dtype != torch.float32
    texts = _texts(studio, asked)
    ours = speed.latents(emotion_path.draw(studio.warm(), asked, texts))
    return speed.measure(
        "B6",
        f"emotion path of {FRAMES} frames, {speed.named(asked)}",
        speed.match(torch.cat(_frames(pipe, asked, texts, "latent", _places(studio, asked, texts))), ours, half=half),
        lambda number: _frames(pipe, _varied(asked, number), _texts(studio, _varied(asked, number)), "pil"),
        lambda number: studio.pictures(_varied(asked, number)),
        rounds,
    )


def shared(studio: Studio, rounds: int, steps: int = speed.STEPS) -> speed.SpeedRow:
    """Time a path whose frames share their first steps against the same plain frames; what that loses is told."""
    asked = _filled(studio, steps)
    pipe, approximate = plain.pipeline(studio.parts, asked), replace(asked, shared_steps=SHARED)
    pictures, wanted = ([each.image for each in studio.pictures(task)] for task in (approximate, asked))
    return speed.measure(
        "B6",
        f"emotion path of {FRAMES} frames, {speed.named(asked)}, {SHARED:.0%} of the steps shared",
        speed.loss(pictures, wanted),
        lambda number: _frames(pipe, _varied(asked, number), _texts(studio, _varied(asked, number)), "pil"),
        lambda number: studio.pictures(_varied(approximate, number)),
        rounds,
    )


def _filled(studio: Studio, steps: int) -> EmotionPath:
    wanted = EmotionPath(prompt=speed.WORDS, from_emotion="happy", to_emotion="sad", frames=FRAMES, steps=steps, seed=0)
    return replace(speed.filled(studio, wanted), frame=0)


def _texts(studio: Studio, task: EmotionPath) -> list[str]:
    return [studio.prompt(still).text for still in task.stills()]


def _places(studio: Studio, task: EmotionPath, texts: Sequence[str]) -> list[float]:
    """Return where the studio puts the frames of a path between its ends."""
    engine = studio.warm()
    first, last = engine.encoder.encode(texts).chunk(2)
    (found,) = speed.value(emotion_path.even(engine, task, frames.plan(engine, task, []), [(first, last)]))
    return found


@torch.no_grad()
def _frames(pipe: Any, task: EmotionPath, texts: Sequence[str], output: str, places: Sequence[float] = ()) -> list[Any]:
    """Draw each frame with plain diffusers, from words at ``places`` between both ends, evenly where none are named."""
    first, last = (_words(pipe, text) for text in texts)
    return [
        pipe(
            prompt_embeds=torch.lerp(first, last, place),
            width=task.width,
            height=task.height,
            latents=plain.noise(pipe, task),
            output_type=output,
            **plain.sampling(task),
        ).images
        for place in places or map(task.position, task.numbers)
    ]


def _words(pipe: Any, text: str) -> Tensor:
    words: Tensor = pipe.encode_prompt(text, pipe.unet.device, 1, do_classifier_free_guidance=False)[0]
    return words


def _varied(task: EmotionPath, number: int) -> EmotionPath:
    return replace(task, seed=number + 100, prompt=f"{task.prompt}, {number + 100}")
