"""The learning rate of each step as a share of its peak: warm-up, then constant or falling to 0.

Curves and names are those of ``diffusers.optimization``, one step earlier in warm-up: a first step at rate 0 would be
lost.
"""

import math

from animegen.lora_files.bases import Part
from animegen.training.adapter_recipe import OptimizerSettings


def rate(settings: OptimizerSettings, step: int, steps: int) -> float:
    """Return the rate of ``step`` (from 0) of a run of ``steps``, in [0, 1] of its peak; 0 where a falling run ends."""
    warmup = warmup_steps(settings, steps)
    if step < warmup:
        return (step + 1) / warmup
    if settings.schedule == "constant":
        return 1.0
    if step >= steps:
        return 0.0
    done = (step - warmup) / (steps - warmup)
    if settings.schedule == "linear":
        return 1.0 - done
    cycles = settings.restarts if settings.schedule == "cosine_with_restarts" else 1
    return 0.5 * (1.0 + math.cos(math.pi * (done * cycles % 1.0)))


def peak(settings: OptimizerSettings, part: Part) -> float:
    """Return the highest learning rate of a network's adapter."""
    own = settings.text_encoder_learning_rate if part == "text_encoder" else None
    return own or settings.learning_rate


def warmup_steps(settings: OptimizerSettings, steps: int) -> int:
    """Return how many steps the rate climbs; a float below 1 is a share of all steps, rounded up."""
    warmup = settings.warmup
    return warmup if isinstance(warmup, int) else math.ceil(warmup * steps)


def stages(settings: OptimizerSettings, steps: int) -> tuple[int, ...]:
    """Return the steps that show the schedule: the first, the end of warm-up, each quarter, and the last."""
    quarters = (steps * quarter // 4 for quarter in range(1, 4))
    return tuple(sorted({0, min(warmup_steps(settings, steps), steps - 1), *quarters, steps - 1}))
