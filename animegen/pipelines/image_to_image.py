"""Image to image: a picture under noise, and the noise removed again towards other words (Meng et al. 2021, SDEdit)."""

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.pipelines.job import Job
from animegen.tasks import ImageToImage


def draw(engine: Engine, job: Job[ImageToImage]) -> Stages:
    """Yield Progress after each step and Drawn at the end.

    Strength 0 is the source itself, without a step; strength 1 is what text to image draws from the same words and
    seed. Between them ``strength`` of the steps are drawn, one at least. A picture that was encoded before is not
    encoded again. Raises DrawingFailed when memory runs out or the result is not a picture.
    """
    with frames.explain_memory():
        words, begin = engine.encoder.encode(job.texts), frames.first_step(job.steps, job.request.strength)
        pictures = [Frame(words, job.seed + index, begin) for index in range(job.request.count)]
        yield from frames.draw(engine, frames.plan(engine, job, pictures))
