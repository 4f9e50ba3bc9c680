"""Emotion path: frames between two emotions, each drawn from the same noise and from words between those of both ends.

Only what the words mean is mixed (a straight line between two embeddings), and before anything is drawn: every frame
is a sample of the model, never a mixture of two pictures. Drawings do not change evenly along that line: most of it
changes little, and somewhere a mouth opens. So a few rough drawings are made along it first, and the frames lie where
those have come equally far.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import torch
from torch import Tensor

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Plan, Progress, Stages
from animegen.pipelines.job import Job
from animegen.tasks import EmotionPath

ROUGH: Final = 9
"""How many rough drawings are made along a path at most; fewer where few frames lie on it."""
ROUGH_STEPS: Final = 4
"""How many steps a rough drawing has at most; no more than a fifth of those of a frame.

More would tell little more: ``animegen evaluate emotion-path`` measures how evenly the frames change.
"""

Ends = tuple[Tensor, Tensor]
"""The embeddings [1, length, width] of what a path begins and ends with."""


def draw(engine: Engine, job: Job[EmotionPath]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch.

    The job's texts are what the paths begin and end with, in turn. The frames of all paths go through the network
    together, those of one path alone where steps are shared. Raises DrawingFailed when memory runs out or a result is
    no picture.
    """
    with frames.explain_memory():
        words = engine.encoder.encode(job.texts).split(1)
        paths = list(zip(words[::2], words[1::2], strict=True))
        left = _steps(job)
        shared = max(min(round(left * job.request.shared_steps), left - 1), 0)
        plan = frames.plan(engine, job, [], shared)
        places = yield from space_evenly(engine, job, plan, paths)
        stems = [torch.lerp(*ends, 0.5) if shared else None for ends in paths]
        pictures = [
            Frame(torch.lerp(*ends, found[number - 1]), job.seed, _begin(job), stem)
            for ends, stem, found in zip(paths, stems, places, strict=True)
            for number in job.request.numbers
        ]
        before = _steps(rough) if (rough := _rough(job)) else 0
        yield from frames.draw(engine, replace(plan, frames=pictures, before=before))


def space_evenly(
    engine: Engine, job: Job[EmotionPath], plan: Plan, paths: Sequence[Ends]
) -> Generator[Progress, None, list[list[float]]]:
    """Yield Progress, and return where all frames of each path lie between its ends, from 0 to 1.

    ``plan`` is that of the job's own frames.
    """
    request = job.request
    usual = [request.position(number) for number in range(1, request.frames + 1)]
    if (rough := _rough(job)) is None:
        return [usual] * len(paths)
    along = torch.linspace(0, 1, min(ROUGH, 2 * request.frames - 1)).tolist()
    pictures = [Frame(torch.lerp(*ends, place), job.seed, _begin(rough)) for ends in paths for place in along]
    sketches = replace(plan, frames=pictures, steps=rough.steps, after=_steps(job))
    drawn = yield from frames.draw_latents(engine, sketches)
    return [place_evenly(path, usual) for path in drawn.chunk(len(paths))]


def _rough(job: Job[EmotionPath]) -> Job[EmotionPath] | None:
    """Return the job of rough drawings, None where only ends are asked for, or where nothing is drawn anew."""
    rough = replace(job, steps=max(min(ROUGH_STEPS, job.steps // 5), 1))
    ends_alone = {1, job.request.frames}.issuperset(job.request.numbers)
    return rough if _steps(rough) and not ends_alone else None


def _begin(job: Job[EmotionPath]) -> int:
    return frames.first_step(job.steps, job.request.strength) if job.source else 0


def _steps(job: Job[EmotionPath]) -> int:
    return job.steps - _begin(job)


def place_evenly(latents: Tensor, shares: Sequence[float]) -> list[float]:
    """Return where along a path, from 0 to 1, its drawings [count, ...] have come these shares of their whole way."""
    apart = (latents[1:] - latents[:-1]).flatten(1).norm(dim=1).double().cpu().numpy()
    steps = apart + 0.001 * apart.mean() + np.finfo(float).tiny  # equal drawings are a way, too
    way = np.concatenate([[0.0], steps.cumsum()]) / steps.cumsum()[-1]
    return [float(place) for place in np.interp(shares, way, np.linspace(0, 1, len(way)))]
