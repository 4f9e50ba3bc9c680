"""Expression sheet: one character in many emotions, and nothing but what an emotion changes differs between them."""

from collections.abc import Sequence
from typing import Final

from animegen import cutout
from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn, Frame, Stages
from animegen.tasks import ExpressionSheet

SHARED: Final = 0.3
"""The part of the steps that all pictures take as the neutral one: by then the colours of the eyes are decided."""


def draw(engine: Engine, task: ExpressionSheet, texts: Sequence[str]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch; everything in ``task`` is filled.

    ``texts`` are the words of the neutral face, and then those of each picture. A picture is the neutral one wherever
    its words want nothing else. Raises DrawingFailed when memory runs out or a result is no picture.
    """
    with frames.memory_explained():
        neutral, *others = (engine.encoder.encode(text) for text in texts)
        pictures = [Frame(words, task.seed, stem=neutral) for words in others]
        shared = round(task.steps * SHARED)
        for stage in frames.draw(engine, frames.plan(engine, task, pictures, shared=shared, kept=neutral)):
            if task.transparent and isinstance(stage, Drawn) and stage.kept:
                yield Drawn(cutout.sprites(stage.images, stage.kept), stage.kept)
            else:
                yield stage
