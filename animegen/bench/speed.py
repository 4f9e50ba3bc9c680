"""A figure of speed: the same work by plain diffusers and by the studio, how equal its outputs are, what it costs."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from PIL import Image
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from animegen.bench.timing import WARM_UP, Comparison, Work, compare
from animegen.evaluation import metrics
from animegen.pipelines.frames import Progress, Stages
from animegen.pipelines.job import Job
from animegen.tasks import Task

WORDS = "1girl, blue hair, red eyes, school uniform, sky"
STEPS = 20
CLOSE = 1e-3
"""How far latents of equal arithmetic may lie apart in float32."""
ALIKE = 0.999
"""The least cosine between latents where one side computes in half precision."""
COUNTED = -WARM_UP - 1
"""The round whose operations are counted; no other has its number."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeedRow:
    """What a round of the work costs both ways. ``match`` says in words how equal the outputs are; None: they are not.

    The counted TFLOP are those of matrix products and convolutions: what the ratio of the seconds would be if
    nothing else took time, and all of it ran equally fast.
    """

    figure: str
    task: str
    match: str | None
    plain_tflop: float
    our_tflop: float
    times: Comparison


def measure(figure: str, task: str, match: str | None, plain: Work, ours: Work, rounds: int) -> SpeedRow:
    """Count and time both ways of doing the same, ``rounds`` times each."""
    return SpeedRow(
        figure=figure,
        task=task,
        match=match,
        plain_tflop=tflop(plain),
        our_tflop=tflop(ours),
        times=compare(plain, ours, rounds),
    )


def tflop(work: Work) -> float:
    """Return the floating-point operations of one round, in units of 10^12."""
    with FlopCounterMode(display=False) as counter:
        work(COUNTED)
    return float(counter.get_total_flops()) / 1e12


def vary(job: Job[Any], number: int) -> Job[Any]:
    """Return a job as a round of the work draws it: with words and a seed of its own."""
    return replace(job, seed=number + 100, texts=tuple(f"{text}, {own_words(number)}" for text in job.texts))


def request(job: Job[Any]) -> Task:
    """Return the request that a job of one picture comes from, with everything set."""
    (single,) = job.singles()
    return single


def own_words(number: int) -> str:
    """Return words that stand in no other round's prompt; all models know them, so that none leaves them out."""
    return " ".join("girl" if bit == "1" else "boy" for bit in f"{number + 100:b}")


def name(job: Job[Any]) -> str:
    """Return in words at which size and how a job is sampled."""
    return f"{job.width}x{job.height}, {job.steps} steps {job.sampler}, guidance"


def latents(stages: Stages) -> Tensor:
    """Return the latents that one of the studio's pipelines hands to the decoder."""
    *_, last = (stage.latents for stage in stages if isinstance(stage, Progress))
    return last


def value(stages: Generator[object, None, T]) -> T:
    """Return what a generator returns at its end."""
    try:
        while True:
            next(stages)
    except StopIteration as end:
        result: T = end.value
    return result


def match(plain: Tensor, ours: Tensor, *, half: bool) -> str | None:
    """Return in words how equal two results are, None where they are not equal enough to compare their speed.

    ``half`` says that a side computes in half precision.
    """
    one, other = plain.float().cpu().flatten(), ours.float().cpu().flatten()
    difference = float((one - other).abs().max())
    if difference < CLOSE:
        return f"max |d| {difference:.1e}"
    cosine = float(np.dot(one, other) / (one.norm() * other.norm()))
    return f"cosine {cosine:.5f}" if half and cosine > ALIKE else None


def loss(pictures: Iterable[Image.Image], exact: Sequence[Image.Image]) -> str:
    """Return in words how far pictures of an approximation are from the exact ones, in the mean."""
    pairs = [(np.asarray(one), np.asarray(other)) for one, other in zip(pictures, exact, strict=True)]
    decibel = np.mean([metrics.psnr(*pair) for pair in pairs])
    alike = np.mean([metrics.ssim(*pair) for pair in pairs])
    return f"lossy: PSNR {decibel:.1f} dB, SSIM {alike:.3f}"
