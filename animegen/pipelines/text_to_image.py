"""Text to image: a job in, the latents after each step and at last the pictures out."""

from animegen.pipelines import frames
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.pipelines.job import Job
from animegen.tasks import TextToImage


def draw(engine: Engine, job: Job[TextToImage]) -> Stages:
    """Yield Progress after each step and Drawn at the end.

    Raises DrawingFailed when memory runs out or the result is not a picture.
    """
    with frames.explain_memory():
        words = engine.encoder.encode(job.texts)
        pictures = [Frame(words, job.seed + index) for index in range(job.request.count)]
        yield from frames.draw(engine, frames.plan(engine, job, pictures))
