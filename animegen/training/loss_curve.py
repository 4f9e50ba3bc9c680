"""The loss of a run as a picture: each step's, its moving average, and the stable loss where it was measured."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SIZE: Final = (960, 480)
LEFT, TOP, RIGHT, BOTTOM = 80, 40, 940, 430
GREY, BLUE, PINK = "#d8d8e0", "#4056c8", "#d84a86"
"""Single steps, their average, the stable loss."""
TICKS: Final = 5
Points = Sequence[tuple[int, float]]


def draw(metrics: Sequence[Mapping[str, Any]], title: str) -> Image.Image:
    """Return the curves of a run's lines of metrics."""
    training = [(line["step"], line["loss"]) for line in metrics if "loss" in line]
    stable = [(line["step"], line["validation_loss"]) for line in metrics if "validation_loss" in line]
    image = Image.new("RGB", SIZE, "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(16)
    pen.text((LEFT, 10), title, "black", font)
    if not training:
        return image
    averages = _averages(training)
    most = max(value for _, value in [*averages, *stable]) * 1.15
    steps = training[-1][0]
    _draw_axes(pen, font, steps, most)
    for points, colour, width in ((training, GREY, 1), (averages, BLUE, 3), (stable, PINK, 3)):
        places = [(_across(step, steps), _down(min(value, most), most)) for step, value in points]
        for pair in pairwise(places):
            pen.line(pair, fill=colour, width=width)
        for x, y in places if colour == PINK else ():
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
    _draw_legend(pen, font, bool(stable))
    return image


def _averages(points: Points) -> Points:
    """Return the means over windows of a twentieth of the run."""
    width = max(1, len(points) // 20)
    values: NDArray[np.float64] = np.array([value for _, value in points])
    means = np.convolve(values, np.ones(width) / width, mode="valid")
    return [(points[index + width - 1][0], float(mean)) for index, mean in enumerate(means)]


def _draw_axes(pen: ImageDraw.ImageDraw, font: Any, steps: int, most: float) -> None:
    for tick in range(TICKS + 1):
        value, step = most * tick / TICKS, steps * tick // TICKS
        y, x = _down(value, most), _across(step, steps)
        pen.line((LEFT, y, RIGHT, y), fill="#eeeeee")
        pen.text((LEFT - 8, y), f"{value:.3g}", "black", font, anchor="rm")
        pen.text((x, BOTTOM + 8), f"{step}", "black", font, anchor="mt")


def _draw_legend(pen: ImageDraw.ImageDraw, font: Any, stable: bool) -> None:
    names = [(BLUE, "training loss, averaged"), *([(PINK, "stable loss (validation)")] if stable else [])]
    for row, (colour, name) in enumerate(names):
        pen.text((RIGHT, 10 + 20 * row), name, colour, font, anchor="rt")


def _across(step: int, steps: int) -> float:
    return LEFT + (RIGHT - LEFT) * step / max(1, steps)


def _down(value: float, most: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / most
