"""Canny: words drawn along the edges of a picture, which a ControlNet sees beside them (Zhang et al. 2023)."""

import numpy as np
import torch

from animegen.pictures import edges
from animegen.pipelines import frames
from animegen.pipelines.control import Control, acting
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame, Stages
from animegen.tasks import Canny


def draw(engine: Engine, task: Canny) -> Stages:
    """Yield Progress after each step and Drawn at the end; ``task`` is filled, its picture prepared, its kind known.

    Where the ControlNet does not act (scale 0, or no step between start and end) the drawing is that of text to
    image, to the bit. Raises ModelUnavailable where the model has no ControlNet, DrawingFailed when memory runs out
    or the result is no picture.
    """
    with frames.memory_explained():
        words = engine.encoder.encode([task.final_prompt])
        pictures = [Frame(words, task.seed + index) for index in range(task.count)]
        yield from frames.draw(engine, frames.plan(engine, task, pictures, control=_control(engine, task)))


def _control(engine: Engine, task: Canny) -> Control | None:
    steps = acting(task.steps, task.start, task.end)
    if not (task.conditioning_scale and steps):
        return None
    seen = (
        torch.from_numpy(np.array(edges.of(task)))
        .float()
        .div(255)
        .expand(1, 3, -1, -1)
        .to(engine.parts.placement.device)
    )
    return Control(network=engine.controlnet, edges=seen, scale=task.conditioning_scale, steps=steps)
