"""Hair behind the face: what tells the styles apart; and the braid, which falls before the shoulder."""

import math
import random

import skia

from animegen.chibi.artist.ink import Ink, Point, box, corners, oval, scallops, smooth, taper
from animegen.chibi.artist.palette import Colour, Tone, colour

_TIES: tuple[Colour, ...] = (colour("#e8324a"), colour("#f7f2ea"), colour("#3f6fe0"), colour("#f2b632"))

# The outline of a tail on the right, from its knot outwards and back.
_UPPER_PONY: tuple[Point, ...] = ((22, -30), (38, -38), (52, -24), (56, 4))
_PONYTAIL = (*_UPPER_PONY, (52, 30), (40, 52), (42, 30), (38, 6), (28, -12))
_UPPER_TWIN: tuple[Point, ...] = ((26, -24), (38, -30), (50, -16), (55, 8))
_TWINTAIL = (*_UPPER_TWIN, (54, 34), (46, 56), (40, 40), (38, 14), (28, -8))


def side(seed: int) -> int:
    """Return the side of the picture (-1 or 1) on which a tail or braid of this seed hangs."""
    return random.Random(f"side {seed}").choice((-1, 1))


def draw(ink: Ink, style: str, hair: Tone, tail_side: int, rng: random.Random) -> None:
    """Draw the hair behind head and body."""
    tie = rng.choice(_TIES)
    match style:
        case "ponytail":
            _tail(ink, hair, tail_side, tie, _PONYTAIL, rng)
        case "twintails":
            for each in (-1, 1):
                _tail(ink, hair, each, tie, _TWINTAIL, rng)
    _mass(ink, style, hair, rng)


def _tail(ink: Ink, hair: Tone, side: int, tie: Colour, points: tuple[Point, ...], rng: random.Random) -> None:
    sway = rng.uniform(-2, 2)
    path = smooth([(side * x + sway * max(0.0, y) / 50, y) for x, y in points])
    ink.fill(path, hair.base)
    with ink.inside(path):
        shadow = smooth([(side * x, y) for x, y in ((26, -10), (42, -14), (46, 10), (45, 34), (38, 60), (30, 40))])
        ink.fill(shadow, hair.shade)
        ink.fill(taper((side * 48, -18), (side * 53, -4), (side * 51, 14), 1.8), hair.light)
    ink.outline(path, hair.line, 1.4)
    knot = oval(side * 31, -24 if points is _PONYTAIL else -18, 4.6, 5.2)
    ink.fill(knot, tie)
    ink.outline(knot, hair.line, 1.3)


def _mass(ink: Ink, style: str, hair: Tone, rng: random.Random) -> None:
    if style == "buns":
        for x in (-31.0, 31.0):
            _bun(ink, hair, x)
    path = _outline(style, rng)
    ink.fill(path, hair.base)
    with ink.inside(path):
        ink.fill(smooth([(-25, -10), (-23, 30), (-19, 70), (19, 70), (23, 30), (25, -10)]), hair.shade)
        if style == "long":
            _strands(ink, hair, rng)
    ink.outline(path, hair.line, 1.4)


def _outline(style: str, rng: random.Random) -> skia.Path:
    match style:
        case "long":
            flow = rng.uniform(0, 3)
            right = [(30, -28), (36, 0), (36 + flow, 30), (40, 56), (41 + flow, 74)]
            return smooth([(0, -43), *right, (0, 80), *[(-x, y) for x, y in reversed(right)]])
        case "bob":
            right = [(30, -28), (36.5, 0), (38.5, 20), (32, 32), (20, 33)]
            return smooth([(0, -43), *right, *[(-x, y) for x, y in reversed(right)]])
        case "curly":
            return _cloud(rng)
        case "spiky":
            return _spikes(rng)
        case _:
            right = [(28, -30), (33, -6), (31, 12), (24, 24), (10, 28)]
            return smooth([(0, -43), *right, *[(-x, y) for x, y in reversed(right)]])


def _cloud(rng: random.Random) -> skia.Path:
    start = rng.uniform(-0.1, 0.1)
    count = 13
    angles = [start - math.pi / 2 + 2 * math.pi * k / count for k in range(count)]
    return scallops([(37.5 * math.cos(a), -5 + 37.5 * math.sin(a)) for a in angles], 0.42)


def _spikes(rng: random.Random) -> skia.Path:
    tips: list[Point] = [
        (-45, 16),
        (-52, -8),
        (-45, -35),
        (-22, -55),
        (6, -58),
        (33, -52),
        (50, -30),
        (52, -4),
        (44, 17),
    ]
    points: list[Point] = [(-26, 24)]
    for k, (x, y) in enumerate(tips):
        points.append((x + rng.uniform(-2, 2), y + rng.uniform(-2, 2)))
        if k + 1 < len(tips):
            nx, ny = tips[k + 1]
            points.append(((x + nx) / 2 * 0.74 + 2, (y + ny) / 2 * 0.76))
    return corners([*points, (26, 24)], bow=0.1)


def _bun(ink: Ink, hair: Tone, x: float) -> None:
    ball = oval(x, -33, 12.5, 12.5)
    ink.shape(ball, hair, oval(x + 1, -25, 12, 7), 1.4)
    ink.fill(taper((x - 6, -37), (x - 1, -43), (x + 5, -40), 1.8), hair.light)


def _strands(ink: Ink, hair: Tone, rng: random.Random) -> None:
    for x in (-33.0, -28.0, 28.0, 33.0):
        ink.fill(taper((x, -4), (x * 1.06, 28), (x * 1.1 + rng.uniform(-2, 2), 68), 1.0), hair.shade)


def braid(ink: Ink, hair: Tone, side: int, rng: random.Random) -> None:
    """Draw a braid that falls before one shoulder, bump by bump, to the lower edge."""
    tie = rng.choice(_TIES)
    tuft = corners([(side * 22.5, 58), (side * 29.5, 58), (side * 32, 68), (side * 26, 73), (side * 20, 68)], bow=-0.08)
    ink.shape(tuft, hair)
    for k in range(5):
        y = 24 + 7.6 * k
        x = side * (29 - 0.7 * k)
        for way in (-1, 1):
            with ink.placed(x + way * 2.6, y, degrees=way * 38):
                lobe = oval(0, 0, 6.0 - 0.25 * k, 4.4)
                ink.shape(lobe, hair, oval(0, 4, 6, 3))
    knot = box(side * 26 - 4.6, 56.5, side * 26 + 4.6, 60.5, 1.8)
    ink.fill(knot, tie)
    ink.outline(knot, hair.line, 1.2)
