"""Hair before the face: the cap over the skull, the fringe, the locks at the temples, strands and the band of light."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import skia

from animegen.chibi.artist import lock
from animegen.chibi.artist.ink import Ink, Point, corners, oval, scallops, smooth, taper
from animegen.chibi.artist.lock import Lock
from animegen.chibi.artist.palette import Tone, mix
from animegen.chibi.artist.pose import Pose

_WILD = frozenset({"curly", "spiky"})
"""Styles whose crown runs into the hair behind without a line."""
_FRINGES = (("full", "swept", "parted", "pointed", "wispy"), ("swept", "pointed", "wispy", "ragged"))
"""What girls choose from, and boys."""
_TEMPLES = 4
"""How many locks hang before the ears; they come first among the front locks."""
_CURLS: tuple[tuple[float, float, float], ...] = (
    # x, y, radius
    (-26, 2, 6.5), (26, 2, 6.5), (-23, -10, 9.0), (23, -10, 9.0), (-12, -18, 9.5), (13, -17, 9.0), (0, -19, 10.0),
)  # fmt: skip
_WINDING: tuple[Point, ...] = ((-1, -0.2), (-0.6, 0.8), (0.5, 0.85), (0.9, 0), (0.2, -0.4), (-0.2, 0.2))
"""The line of a curl of radius 1."""


@cache
def table() -> dict[str, dict[str, Any]]:
    """Return the shapes of hair as they stand in hair.toml."""
    return tomllib.loads(files(__package__).joinpath("hair.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Front:
    """The hair before the face: its cap, the locks over forehead and temples, curls; whether the crown has a line."""

    cap: skia.Path
    locks: tuple[Lock, ...]
    curls: tuple[tuple[float, float, float], ...]
    crowned: bool
    antenna: Lock | None

    def shapes(self) -> list[skia.Path]:
        """Return what throws a shadow on the face."""
        return [each.path() for each in self.locks] + [oval(x, y, r, r) for x, y, r in self.curls]


def front(style: str, pose: Pose, boy: bool, rng: random.Random) -> Front:
    """Return the hair before the face; ``rng`` chooses the fringe within the style."""
    name = "spiky" if style == "spiky" else rng.choice(_FRINGES[boy])
    flip = rng.random() < 0.5
    curls = tuple((x + pose.slide * 0.5, y, r) for x, y, r in _CURLS) if style == "curly" else ()
    fringe = [] if style == "curly" else _fringe(name, flip, pose, rng)
    antenna = _antenna(rng) if rng.random() < 0.35 and style not in _WILD else None
    return Front(_cap(pose), (*_temples(style, pose, rng), *fringe), curls, style not in _WILD, antenna)


def _cap(pose: Pose) -> skia.Path:
    slide = pose.slide * 0.4
    path = skia.Path()
    path.moveTo(-31.5, 6)
    path.cubicTo(-36, -8, -35, -27, -26.5, -36)
    path.cubicTo(-19, -43.5, -9, -46.5, 0, -46.5)
    path.cubicTo(9, -46.5, 19, -43.5, 26.5, -36)
    path.cubicTo(35, -27, 36, -8, 31.5, 6)
    path.quadTo(28, -4, 25.5 + slide, -9)
    path.cubicTo(23 + slide, -21, 12 + slide, -26, slide, -27)
    path.cubicTo(-12 + slide, -26, -23 + slide, -21, -25.5 + slide, -9)
    path.quadTo(-28, -4, -31.5, 6)
    path.close()
    return path


def crown() -> skia.Path:
    """Return the line over the top of the cap, from temple to temple."""
    path = skia.Path()
    path.moveTo(-31.5, 6)
    path.cubicTo(-36, -8, -35, -27, -26.5, -36)
    path.cubicTo(-19, -43.5, -9, -46.5, 0, -46.5)
    path.cubicTo(9, -46.5, 19, -43.5, 26.5, -36)
    path.cubicTo(35, -27, 36, -8, 31.5, 6)
    return path


def _hairline(x: float) -> float:
    return -31 + 18 * (x / 28) ** 2


def _fringe(name: str, flip: bool, pose: Pose, rng: random.Random) -> list[Lock]:
    found = []
    for left, right, x, y, bend in table()["fringe"][name]:
        one = Lock((left, _hairline(left)), (right, _hairline(right)), (x, y), bend, 2.6)
        one = one.mirrored() if flip else one
        away = pose.slide * 0.75 + pose.sway * 0.8
        found.append(one.moved(pose.slide * 0.35, (away + rng.uniform(-1, 1), rng.uniform(-1, 1))))
    return found


def _temples(style: str, pose: Pose, rng: random.Random) -> list[Lock]:
    """Return the locks that hang before the ears, two a side."""
    end, broad = table()["side"][style]
    found = []
    for side in (-1, 1):
        # On the side to which the head turns they give way, so that the eye there stays whole.
        out = side * (30.0 + 3.0 * max(0.0, side * pose.turn)) + pose.slide * 0.3
        drift = pose.sway * end / 12
        for breadth, share, inset in ((broad * 0.7, 0.66, 0.0), (broad, 1.0, 2.6)):
            near, far = (out - side * breadth, -19.0), (out + side * 3.6, -12.0)
            left, right = (far, near) if side < 0 else (near, far)
            tip = (out - side * inset + drift + rng.uniform(-0.8, 0.8), end * share + rng.uniform(-1, 1))
            found.append(Lock(left, right, tip, side * 0.9, 0.8 + broad * 0.2))
    return found


def _antenna(rng: random.Random) -> Lock:
    """Return the one lock on the crown that never lies down."""
    way = rng.choice((-1, 1))
    return Lock((-3.6, -44), (3.6, -44), (way * rng.uniform(8, 13), -53 + rng.uniform(-2, 2)), way * -3.0, 1.2)


def draw(ink: Ink, hair_front: Front, hair: Tone, pose: Pose, rim: tuple[int, int, int], rng: random.Random) -> None:
    """Draw the hair before the face in three tones, with strands, a band of light and a rim of ``rim`` light."""
    if hair_front.antenna:
        lock.draw(ink, hair_front.antenna, hair)
    lock.contour(ink, [each.path() for each in hair_front.locks[:_TEMPLES]], hair, 1.6)
    ink.blend(hair_front.cap, (0, -46), (0, 0), [hair.base, hair.base, mix(hair.base, hair.shade, 0.4)])
    if hair_front.crowned:
        ink.outline(crown(), hair.line, 1.1)
        with ink.inside(hair_front.cap):
            ink.fill(smooth([(20, -48), (29, -30), (28, -14), (40, 8), (44, -40)]), hair.shade, 0.7)
        ink.rim(hair_front.cap, rim)
    for each in hair_front.locks:
        lock.draw(ink, each, hair)
    _curls(ink, hair_front.curls, hair)
    _strands(ink, hair, pose, rng)
    _gloss(ink, hair, pose, rng)


def _curls(ink: Ink, curls: tuple[tuple[float, float, float], ...], hair: Tone) -> None:
    for x, y, r in curls:
        ink.fill(oval(x, y, r, r), hair.base)
        with ink.inside(oval(x, y, r, r)):
            ink.fill(oval(x + r * 0.5, y + r * 0.6, r * 0.75, r * 0.7), hair.shade, 0.8)
        curl(ink, x, y, r, hair)


def curl(ink: Ink, x: float, y: float, r: float, hair: Tone) -> None:
    """Draw the winding line and the light of a curl of radius ``r``."""
    with ink.placed(x, y, across=r, down=r):
        ink.line(smooth(_WINDING, closed=False), mix(hair.shade, hair.line, 0.6), 0.8 / r)
        ink.fill(taper((-0.6, -0.1), (-0.5, -0.7), (0.2, -0.7), 0.9 / r), hair.light)


def _strands(ink: Ink, hair: Tone, pose: Pose, rng: random.Random) -> None:
    """Draw where the hair parts, from the whorl on the crown outwards."""
    whorl = pose.slide * 0.5 + rng.uniform(-2, 2)
    for x, depth in ((-20.0, -20.0), (-11.0, -24.0), (3.0, -22.0), (13.0, -25.0), (22.0, -19.0)):
        end = (x * 1.1 + pose.slide * 0.6 + rng.uniform(-2, 2), depth + rng.uniform(-2, 3))
        ink.fill(taper((whorl, -45.5), (x * 0.85 + whorl * 0.3, -38), end, 0.7), hair.shade, 0.85)


def _gloss(ink: Ink, hair: Tone, pose: Pose, rng: random.Random) -> None:
    """Lay the band of light around the head: teeth of light, long and short, with a gap."""
    shift = pose.slide * 0.45 + rng.uniform(-1.5, 1.5)
    gap = rng.choice((3, 4, 6))
    upper: list[Point] = []
    lower: list[Point] = []
    bands: list[tuple[list[Point], list[Point]]] = []
    for k in range(11):
        x = -24 + 4.8 * k
        y = -33.5 + 9.5 * (x / 26) ** 2
        if k == gap:
            bands.append((upper, lower))
            upper, lower = [], []
            continue
        upper.append((x + shift, y - rng.uniform(0.4, 1.0)))
        lower.append((x + 1.4 + shift, y + rng.uniform(2.6, 5.6) * (1 - 0.4 * abs(x) / 26)))
    bands.append((upper, lower))
    for above, below in bands:
        ink.fill(_teeth(above, below), hair.light, 0.85)


def _teeth(above: list[Point], below: list[Point]) -> skia.Path:
    zigzag: list[Point] = [above[0]]
    for (ax, ay), (bx, by) in zip(above[1:], below[:-1], strict=True):
        zigzag += [(bx, by), (ax, ay + 1.6)]
    return corners([*zigzag, *above[::-1]], bow=0.05)


def cloud(points: list[Point]) -> skia.Path:
    """Return the bumpy outline of a head of curls."""
    return scallops(points, 0.42)
