"""Animation: a picture through a row of emotions, from the same noise, more of it drawn anew from frame to frame."""

from collections.abc import Sequence

import torch
from torch import Tensor

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.tasks import Animation


def draw(engine: Engine, task: Animation, texts: Sequence[str]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch; ``task`` is filled, its picture prepared.

    ``texts`` are the words of each emotion. Frames that begin at the same step are drawn together. Raises
    DrawingFailed when memory runs out or a result is no picture.
    """
    with frames.memory_explained():
        words = engine.encoder.encode(texts).split(1)
        pictures = [_frame(task, words, task.position(number)) for number in task.numbers]
        yield from frames.draw(engine, frames.plan(engine, task, pictures, task.image))


def _frame(task: Animation, words: Sequence[Tensor], where: float) -> Frame:
    """Return the frame at ``where`` (0 is the first, 1 the last) of the row of emotions and of the way of strengths."""
    strength = task.first_strength + (task.last_strength - task.first_strength) * where
    way = where * (len(words) - 1)
    left = min(int(way), len(words) - 1)
    right = min(left + 1, len(words) - 1)
    return Frame(torch.lerp(words[left], words[right], way - left), task.seed, frames.first_step(task.steps, strength))
