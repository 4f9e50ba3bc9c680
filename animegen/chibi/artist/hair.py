"""Hair before the face: the cap with its bangs and side locks, strands and the band of light."""

import random
from dataclasses import dataclass

import skia

from animegen.chibi.artist.ink import Ink, Point, corners, taper
from animegen.chibi.artist.palette import Tone

_LOCK = {
    "short": 10.0,
    "bob": 27.0,
    "long": 34.0,
    "ponytail": 18.0,
    "twintails": 20.0,
    "braid": 22.0,
    "buns": 17.0,
    "curly": 12.0,
    "spiky": 8.0,
}
"""How far below the middle of the head the locks before the ears end."""
_BANGS: tuple[tuple[Point, ...], ...] = (
    # tip, root, tip, ... from the right to the left
    ((19, -3), (15, -12), (8, -3), (3, -14), (-5, -4), (-11, -13), (-19, -3)),
    ((20, 0), (12, -10), (5, -24), (0, -8), (-9, -5), (-14, -12), (-20, -1)),
    ((17, -5), (12, -9), (6, -4), (1, -9), (-6, -4), (-11, -9), (-17, -5)),
    ((19, 0), (10, -12), (0, -26), (-10, -12), (-19, 0)),
)
_SPIKY_BANGS: tuple[Point, ...] = ((21, 0), (15, -15), (9, -1), (3, -16), (-3, 0), (-10, -15), (-19, -1))
_CURLY_BANGS: tuple[Point, ...] = ((15, -13), (5, -11), (-6, -11), (-15, -13))
_WILD = frozenset({"curly", "spiky"})
"""Styles whose crown runs into the hair behind without a line."""


@dataclass(frozen=True, slots=True)
class Front:
    """The hair before the face: its shape, its lower edge, and whether its crown has an outline of its own."""

    shape: skia.Path
    edge: skia.Path
    crowned: bool


def front(style: str, turn: float, rng: random.Random) -> Front:
    """Return the hair before the face; ``rng`` chooses the bangs within the style."""
    lock = _LOCK[style]
    slide = turn * 1.8
    edge = skia.Path()
    edge.moveTo(29.5, lock)
    edge.quadTo(27.5 if lock > 14 else 25.5, lock * 0.45, 24 + slide, -9)
    _bangs(edge, style, slide, rng)
    edge.quadTo(-27.5 if lock > 14 else -25.5, lock * 0.45, -29.5, lock)
    return Front(_cap(lock, edge), edge, style not in _WILD)


def _cap(lock: float, edge: skia.Path) -> skia.Path:
    path = skia.Path()
    path.moveTo(-29.5, lock)
    path.cubicTo(-33.5, lock * 0.6, -34, -6, -32.5, -14)
    path.cubicTo(-30, -33, -16, -44.5, 0, -44.5)
    path.cubicTo(16, -44.5, 30, -33, 32.5, -14)
    path.cubicTo(34, -6, 33.5, lock * 0.6, 29.5, lock)
    path.addPath(edge, skia.Path.kExtend_AddPathMode)
    path.close()
    return path


def _bangs(path: skia.Path, style: str, slide: float, rng: random.Random) -> None:
    if style == "curly":
        last = (24.0 + slide, -9.0)
        for x, y in (*_CURLY_BANGS, (-24, -9)):
            path.cubicTo(last[0], last[1] + 7, x + slide, y + 7, x + slide, y)
            last = (x + slide, y)
        return
    points = _SPIKY_BANGS if style == "spiky" else rng.choice(_BANGS)
    if rng.random() < 0.5:
        points = tuple((-x, y) for x, y in reversed(points))
    last = (24.0 + slide, -9.0)
    for k, (x, y) in enumerate((*points, (-24, -9))):
        here = (x + slide * 1.5 + rng.uniform(-1, 1), y - 4 + rng.uniform(-1, 1)) if k < len(points) else (x + slide, y)
        path.quadTo(last[0] * 0.625 + here[0] * 0.375, last[1] * 0.25 + here[1] * 0.75, *here)
        last = here


def draw(ink: Ink, front: Front, hair: Tone, turn: float, rng: random.Random) -> None:
    """Draw the hair before the face in two tones, with strands and a band of light."""
    ink.fill(front.shape, hair.base)
    with ink.inside(front.shape):
        _shade(ink, hair)
        _strands(ink, hair, turn, rng)
        _light(ink, hair, turn, rng)
    ink.outline(front.shape if front.crowned else front.edge, hair.line, 1.4)


def _shade(ink: Ink, hair: Tone) -> None:
    for side in (-1, 1):
        rim = [(side * 34, -24), (side * 30, -6), (side * 29, 14), (side * 27, 36), (side * 40, 36)]
        ink.fill(corners(rim), hair.shade)
    ink.blend(corners([(-26, -14), (26, -14), (26, -2), (-26, -2)]), (0, -14), (0, -2), [hair.base, hair.shade], 0.8)


def _strands(ink: Ink, hair: Tone, turn: float, rng: random.Random) -> None:
    crown = turn * 2.5 + rng.uniform(-2, 2)
    for x in (-15.0, 2.0, 17.0):
        end = x * 1.15 + turn * 3 + rng.uniform(-2, 2)
        ink.fill(taper((crown, -43), (x, -34), (end, -12 + rng.uniform(-2, 2)), 1.2), hair.shade)


def _light(ink: Ink, hair: Tone, turn: float, rng: random.Random) -> None:
    shift = turn * 3 + rng.uniform(-1.5, 1.5)
    upper = [(-25, -22), (-14, -30), (0, -33), (14, -30), (25, -22)]
    lower = [(20, -20), (16, -26), (11, -22), (7, -27), (0, -24), (-6, -28), (-11, -23), (-15, -27), (-20, -20)]
    path = corners([(x + shift, y) for x, y in (*upper, *lower)], bow=0.08)
    ink.fill(path, hair.light, 0.9)
