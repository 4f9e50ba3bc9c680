"""Text to image: a resolved task in, the latents after each step and at last the pictures out."""

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.tasks import TextToImage


def draw(engine: Engine, task: TextToImage) -> Stages:
    """Yield Progress after each step and Drawn at the end; everything in ``task`` is filled.

    Raises DrawingFailed when memory runs out or the result is not a picture.
    """
    with frames.memory_explained():
        words = engine.encoder.encode([task.final_prompt])
        pictures = [Frame(words, task.seed + index) for index in range(task.count)]
        yield from frames.draw(engine, frames.plan(engine, task, pictures))
