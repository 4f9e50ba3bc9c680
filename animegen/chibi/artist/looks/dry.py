"""Dry techniques: pencil sketch, chalk pastel, and manga's ink with screentone."""

import numpy as np
from PIL import Image

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
)

_CREAM = np.array([0.975, 0.96, 0.925], dtype=np.float32)
_GRAPHITE = np.array([0.2, 0.19, 0.22], dtype=np.float32)
_CHALK = np.array([1.0, 0.97, 0.94], dtype=np.float32)


def sketch(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a pencil sketch: lines where tones meet, hatching that thickens in the dark, on cream paper."""
    size = image.width
    light = grey(numbers(image))
    tooth = paper(size, rng)
    lines = ramp(1 - light / (blur(light, size / 128) + 0.02), 0.03, 0.3)
    fine = _hatch(size, 38, size / 46, rng) * ramp(1 - light, 0.3, 0.95)
    cross = _hatch(size, -52, size / 40, rng) * ramp(1 - light, 0.62, 1.0)
    graphite = np.maximum(lines, 0.62 * np.maximum(fine, cross)) + 0.1 * ramp(1 - light, 0.2, 0.9)
    return picture(mix(_CREAM * (0.97 + 0.05 * tooth[..., None]), _GRAPHITE, graphite * (0.6 + 0.6 * tooth)))


def _hatch(size: int, degrees: float, gap: float, rng: np.random.Generator) -> Plane:
    """Return parallel strokes of a hand that is not quite steady, ``gap`` pixels apart."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    angle = np.float32(np.radians(degrees))
    across = x * np.sin(angle) + y * np.cos(angle) + 5 * grain(size, size / 5, rng) * size / 128
    wave = 0.5 + 0.5 * np.cos(2 * np.pi * across / gap, dtype=np.float32)
    return ramp(wave, 0.45, 0.95) * (0.55 + 0.45 * grain(size, size / 12, rng))


def pastel(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a chalk pastel: light soft colours, dragged over paper whose tooth stays bare here and there."""
    size = image.width
    soft = blur(numbers(image), size / 220)
    chalk = mix(saturated(soft, 0.92), _CHALK, 0.26)
    drag = _drag(grain(size, 1.2, rng), round(size / 22))
    tooth = 0.55 * paper(size, rng) + 0.45 * drag
    bare = ramp(tooth, 0.46, 0.72) * 0.36
    return picture(mix(chalk, _CHALK, bare) - 0.1 * (0.5 - tooth[..., None]).clip(0, 1))


def _drag(noise: Plane, length: int) -> Plane:
    """Return noise smeared along the diagonal, as a stick of chalk smears it; from 0 to 1 again."""
    total = np.zeros_like(noise)
    for step in range(length):
        total += np.roll(noise, (-step, step), axis=(0, 1))
    total -= total.min()
    smeared: Plane = total / total.max()
    return smeared


def manga(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a page of manga: ink, paper, and dots of screentone for all between; the seed moves the dots."""
    size = image.width
    light = grey(numbers(image))
    edges = ramp(blur(light, size / 110) - blur(light, size / 400), 0.045, 0.1)
    dark = 1 - ramp(light, 0.22, 0.3)
    tone = _dots(size, size / 60, rng)
    ink = ramp(tone + 0.66 * (1 - blur(light, size / 256)), 0.78, 0.9)
    ink = ink * (light < 0.74)
    return picture(1 - np.maximum(np.maximum(edges, dark), ink) * 0.94)


def _dots(size: int, pitch: float, rng: np.random.Generator) -> Plane:
    """Return round hills on a grid that stands on its corner, from 0 to 1."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    shift = rng.uniform(0, pitch, 2)
    u, v = (x + y + shift[0]) / (pitch * 1.414), (x - y + shift[1]) / (pitch * 1.414)
    hills: Plane = 0.5 + 0.25 * (np.cos(2 * np.pi * u) + np.cos(2 * np.pi * v))
    return hills.astype(np.float32)
