"""Image to image: a picture under noise, and the noise removed again towards other words (Meng et al. 2021, SDEdit)."""

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.tasks import ImageToImage


def draw(engine: Engine, task: ImageToImage) -> Stages:
    """Yield Progress after each step and Drawn at the end; ``task`` is filled, its picture RGB at the task's size.

    Strength 0 is the source itself, without a step; strength 1 is what text to image draws from the same words and
    seed. Between them ``strength`` of the steps are drawn, one at least. A picture that was encoded before is not
    encoded again. Raises DrawingFailed when memory runs out or the result is not a picture.
    """
    with frames.memory_explained():
        words, begin = engine.encoder.encode([task.final_prompt]), frames.first_step(task.steps, task.strength)
        pictures = [Frame(words, task.seed + index, begin) for index in range(task.count)]
        yield from frames.draw(engine, frames.plan(engine, task, pictures, task.image))
