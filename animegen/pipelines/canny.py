"""Canny: words drawn along the edges of a picture, which a ControlNet sees beside them (Zhang et al. 2023)."""

import numpy as np
import torch

from animegen.pictures import edges
from animegen.pictures.edges import LINEART
from animegen.pipelines import frames
from animegen.pipelines.control import Control, acting
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.pipelines.job import Job
from animegen.tasks import Canny


def draw(engine: Engine, job: Job[Canny]) -> Stages:
    """Yield Progress after each step and Drawn at the end.

    Where the ControlNet does not act (scale 0, or no step between start and end) the drawing is that of text to
    image, to the bit. Raises ModelUnavailable where the model has no ControlNet, DrawingFailed when memory runs out
    or the result is no picture.
    """
    with frames.explain_memory():
        words = engine.encoder.encode(job.texts)
        pictures = [Frame(words, job.seed + index) for index in range(job.request.count)]
        yield from frames.draw(engine, frames.plan(engine, job, pictures, control=_control(engine, job)))


def _control(engine: Engine, job: Job[Canny]) -> Control | None:
    steps = acting(job.steps, job.request.start, job.request.end)
    if not (job.request.conditioning_scale and steps):
        return None
    seen = (
        torch.from_numpy(np.array(edges.of(job.request, engine.lineart if job.request.lines == LINEART else None)))
        .float()
        .div(255)
        .expand(1, 3, -1, -1)
        .to(engine.parts.placement.device)
    )
    network = engine.lineart_controlnet if job.request.lines == LINEART else engine.controlnet
    return Control(network=network, edges=seen, scale=job.request.conditioning_scale, steps=steps)
