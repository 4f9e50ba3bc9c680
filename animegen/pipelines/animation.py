"""Animation: a picture through a row of emotions, from the same noise, more of it drawn anew from frame to frame."""

from collections.abc import Sequence

import torch
from torch import Tensor

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.pipelines.job import Job
from animegen.tasks import Animation


def draw(engine: Engine, job: Job[Animation]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch.

    The job's texts are those of each emotion. Frames that begin at the same step are drawn together. Raises
    DrawingFailed when memory runs out or a result is no picture.
    """
    request = job.request
    with frames.explain_memory():
        words = engine.encoder.encode(job.texts).split(1)
        pictures = [_frame(job, words, request.position(number)) for number in request.numbers]
        yield from frames.draw(engine, frames.plan(engine, job, pictures))


def _frame(job: Job[Animation], words: Sequence[Tensor], where: float) -> Frame:
    """Return the frame at ``where`` (0 is the first, 1 the last) of the row of emotions and of the way of strengths."""
    first, last = job.request.first_strength, job.request.last_strength
    strength = first + (last - first) * where
    way = where * (len(words) - 1)
    left = min(int(way), len(words) - 1)
    right = min(left + 1, len(words) - 1)
    return Frame(torch.lerp(words[left], words[right], way - left), job.seed, frames.first_step(job.steps, strength))
