"""Wet techniques: watercolor, oil painting, and the impressionists' strokes."""

import math

import numpy as np
from PIL import Image, ImageFilter

from animegen.chibi.artist.ink import UNITS, Ink, Point, corners
from animegen.chibi.artist.looks.surface import (
    Plane,
    blur,
    grain,
    grey,
    mix,
    numbers,
    paper,
    picture,
    ramp,
    saturated,
    slopes,
)

_PAPER = np.array([0.985, 0.98, 0.965], dtype=np.float32)
_LAYERS: tuple[tuple[float, float, float, float], ...] = (
    # gap between strokes, length and breadth in units; how much detail a stroke must find to be laid
    (3.6, 10.0, 4.0, -1.0),
    (2.2, 5.0, 2.0, 0.02),
    (1.3, 2.8, 1.15, 0.035),
)


def watercolor(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a watercolor: washes that run a little, dark at their edges, granulated, with paper left around them."""
    size = image.width
    flat = numbers(image.filter(ImageFilter.MedianFilter(5)))
    run = _displaced(flat, 2.2 * size / 256, rng)
    washes = mix(run, numbers(image), 0.35)
    pooled = np.abs(grey(washes) - blur(grey(washes), size / 90))
    pigment = 1 - (1 - washes) * (0.8 + 0.5 * grain(size, size / 5, rng)[..., None])
    pigment = pigment * (1 - 0.9 * pooled[..., None]) - 0.07 * (paper(size, rng)[..., None] - 0.5)
    return picture(mix(saturated(mix(pigment, _PAPER, 0.16), 1.15), _PAPER, _margin(size, rng)))


def _displaced(values: Plane, reach: float, rng: np.random.Generator) -> Plane:
    """Return a picture whose pixels are fetched from a little elsewhere."""
    size = len(values)
    y, x = np.mgrid[0:size, 0:size]
    dx, dy = ((grain(size, size / 20, rng) - 0.5) * 2 * reach for _ in range(2))
    rows, columns = ((at.round().astype(int).clip(0, size - 1)) for at in (y + dy, x + dx))
    found: Plane = values[rows, columns]
    return found


def _margin(size: int, rng: np.random.Generator) -> Plane:
    """Return 1 on the paper around the painting, whose border is ragged."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    inside = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    return 1 - ramp(inside + 0.05 * (grain(size, size / 14, rng) - 0.5), 0.012, 0.04)


def oil_painting(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return an oil painting: flat dabs (Kuwahara, 1976), rich colours, and the relief of a loaded brush on canvas."""
    size = image.width
    dabs = _kuwahara(_displaced(numbers(image), 1.6 * size / 256, rng), max(2, size // 85))
    bristle = grain(size, 1.2, rng)
    for step in range(1, max(3, size // 32)):
        bristle = bristle + np.roll(grain(size, 3, rng), (step, 2 * step), axis=(0, 1)) / step
    relief, _ = slopes(blur((bristle - bristle.min()) / np.ptp(bristle), 0.8) + 0.4 * grey(dabs))
    return picture(saturated(dabs, 1.3) * (0.97 + 0.8 * relief[..., None].clip(-0.1, 0.1)))


def _kuwahara(values: Plane, radius: int) -> Plane:
    """Return a picture in which each pixel is the mean of that quarter of its neighbourhood that varies least."""
    padded = np.pad(values, ((radius, radius), (radius, radius), (0, 0)), mode="edge")
    mean = _means(padded, radius + 1)
    spread = (_means(padded**2, radius + 1) - mean**2).sum(axis=2)
    height, width = values.shape[:2]
    corner = [(dy, dx) for dy in (0, radius) for dx in (0, radius)]
    spreads = np.stack([spread[dy : dy + height, dx : dx + width] for dy, dx in corner])
    means = np.stack([mean[dy : dy + height, dx : dx + width] for dy, dx in corner])
    best = spreads.argmin(axis=0)[None, ..., None]
    found: Plane = np.take_along_axis(means, best, axis=0)[0]
    return found


def _means(values: Plane, side: int) -> Plane:
    """Return the mean of each square of ``side`` pixels, by running sums."""
    sums = np.pad(values.astype(np.float64), ((1, 0), (1, 0), (0, 0))).cumsum(axis=0).cumsum(axis=1)
    squares = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    means: Plane = (squares / side**2).astype(np.float32)
    return means


def impressionist(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return strokes of broken colour laid along the forms, broad first and fine where there is detail.

    After Litwinowicz 1997, "Processing images and video for an impressionist effect".
    """
    size = image.width
    values = numbers(image)
    right, down = slopes(blur(grey(values), size / 100))
    drift = grain(size, size / 4, rng) * math.tau
    ink = Ink(size)
    ink.fill(corners([(0, 0), (UNITS, 0), (UNITS, UNITS), (0, UNITS)]), (222, 206, 190))
    detail = np.hypot(right, down) * size / 128
    angle = np.where(detail > 0.012, np.arctan2(right, -down), drift)
    for layer in _LAYERS:
        # A broad brush does not see what is smaller than itself.
        seen = blur(values, layer[2] * size / UNITS / 3)
        _strokes(ink, saturated(seen, 1.3), detail, angle, layer, rng)
    return ink.image()


def _strokes(
    ink: Ink,
    values: Plane,
    detail: Plane,
    angle: Plane,
    layer: tuple[float, float, float, float],
    rng: np.random.Generator,
) -> None:
    """Lay one layer of strokes in an order of chance."""
    gap, length, breadth, least = layer
    pixel = len(values) / UNITS
    ticks = np.arange(gap / 2, UNITS, gap)
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    points = rng.permutation(points + rng.uniform(-gap / 2, gap / 2, points.shape))
    tints = rng.normal(0, 0.035, (len(points), 3))
    for (x, y), tint in zip(points, tints, strict=True):
        at = min(max(int(y * pixel), 0), len(values) - 1), min(max(int(x * pixel), 0), len(values) - 1)
        if detail[at] < least:
            continue
        half = length / 2
        dx, dy = half * math.cos(angle[at]), half * math.sin(angle[at])
        ends: list[Point] = [(x - dx, y - dy), (x + dx, y + dy)]
        r, g, b = ((values[at] + tint).clip(0, 1) * 255).round().astype(int).tolist()
        ink.line(corners(ends, bow=0.08, closed=False), (r, g, b), breadth, 0.92)
