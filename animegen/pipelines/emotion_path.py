"""Emotion path: frames between two emotions, each drawn from the same noise and from words between those of both ends.

Only what the words mean is mixed (a straight line between two embeddings), and before anything is drawn: every frame
is a sample of the model, never a mixture of two pictures.
"""

from collections.abc import Sequence

import torch

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.tasks import EmotionPath


def draw(engine: Engine, task: EmotionPath, texts: Sequence[str]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch; ``task`` is filled, its picture prepared.

    ``texts`` are what the paths begin and end with, in turn. The frames of all paths go through the network together,
    those of one path alone where steps are shared. Raises DrawingFailed when memory runs out or a result is no picture.
    """
    with frames.memory_explained():
        begin = frames.first_step(task.steps, task.strength) if task.image else 0
        left = task.steps - begin
        shared = max(min(round(left * task.shared_steps), left - 1), 0)
        pictures = [
            frame
            for first, last in zip(texts[::2], texts[1::2], strict=True)
            for frame in _path(engine, task, (first, last), begin, shared)
        ]
        yield from frames.draw(engine, frames.plan(engine, task, pictures, task.image, shared))


def _path(engine: Engine, task: EmotionPath, ends: tuple[str, str], begin: int, shared: int) -> list[Frame]:
    first, last = (engine.encoder.encode(text) for text in ends)
    stem = torch.lerp(first, last, 0.5) if shared else None
    return [Frame(torch.lerp(first, last, task.position(number)), task.seed, begin, stem) for number in task.numbers]
