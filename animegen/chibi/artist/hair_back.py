"""Hair behind the face, what tells the styles apart, and what falls before the shoulders."""

import math
import random

from animegen.chibi.artist import hair, lock
from animegen.chibi.artist.ink import Ink, Point, box, oval, smooth, taper
from animegen.chibi.artist.lock import Lock
from animegen.chibi.artist.palette import Colour, Tone, behind, colour, mix, tone
from animegen.chibi.artist.pose import Pose

_TIES: tuple[Colour, ...] = (colour("#e8324a"), colour("#f7f2ea"), colour("#3f6fe0"), colour("#f2b632"))
_KNOTS: dict[str, Point] = {"ponytail": (25, -33), "twintails": (30, -22)}
_SPIKES: tuple[tuple[float, float, float], ...] = (
    # angle from the top, clockwise, in degrees; length; breadth
    (-124, 42, 13), (122, 41, 13), (-100, 47, 15), (99, 46, 14), (-76, 46, 16), (74, 50, 16), (-50, 52, 17),
    (50, 49, 16), (-25, 47, 16), (28, 51, 18), (0, 49, 16),
)  # fmt: skip


def side(seed: int) -> int:
    """Return the side of the picture (-1 or 1) on which a tail or braid of this seed hangs."""
    return random.Random(f"side {seed}").choice((-1, 1))


def draw(ink: Ink, style: str, tint: Tone, tail_side: int, pose: Pose, rng: random.Random) -> None:
    """Draw the hair behind head and body."""
    _tied(ink, style, tint, tail_side, pose, rng)
    match style:
        case "curly":
            _curls(ink, tint, rng)
        case "spiky":
            _spikes(ink, tint, pose, rng)
        case "bob" | "long":  # one with the hair in front, and in the same light
            _mass(ink, style, tint, pose, rng)
        case _:
            _mass(ink, "short" if style == "short" else "tied", behind(tint), pose, rng)


def _tied(ink: Ink, style: str, tint: Tone, tail_side: int, pose: Pose, rng: random.Random) -> None:
    tie = rng.choice(_TIES)
    if style == "buns":
        for x in (-29.0, 29.0):
            _bun(ink, tint, x, tie)
    elif style in _KNOTS:
        for each in (-1, 1) if style == "twintails" else (tail_side,):
            _tail(ink, style, tint, each, tie, pose, rng)


def _mass(ink: Ink, shape: str, tint: Tone, pose: Pose, rng: random.Random) -> None:
    half: list[Point] = [(x, y) for x, y in hair.table()["mass"][shape]]
    path = smooth([*half, *[(-x, y) for x, y in reversed(half[1:])]])
    rows = hair.table()["behind"][shape]
    locks = [one for each in (-1, 1) for one in _hanging(rows, each, pose, rng)]
    lock.contour(ink, [path, *(one.path() for one in locks)], tint)
    ink.fill(path, tint.base)
    for one in locks:
        lock.draw(ink, one, tint)
    with ink.inside(path):  # the hollow behind the neck
        ink.blend(oval(0, 30, 22, 30), (0, 14), (0, 52), [mix(tint.shade, tint.line, 0.35), tint.shade], 0.85)


def _hanging(rows: list[list[float]], side: int, pose: Pose, rng: random.Random, swell: float = 3.2) -> list[Lock]:
    """Return a row of locks on one side, their tips moved by the wind the more the deeper they hang."""
    found = []
    for lx, ly, rx, ry, x, y, bend in rows:
        one = Lock((lx, ly), (rx, ry), (x, y), bend, swell)
        one = one if side > 0 else one.mirrored()
        drift = pose.sway * max(0.0, y) / 12 + rng.uniform(-1.5, 1.5)
        found.append(one.moved(0.0, (drift, rng.uniform(-2, 2))))
    return found


def _tail(ink: Ink, style: str, tint: Tone, side: int, tie: Colour, pose: Pose, rng: random.Random) -> None:
    x, y = _KNOTS[style]
    locks = _hanging(hair.table()["tail"][style], side, pose, rng, 7.5)
    with ink.placed(side * x, y):
        lock.contour(ink, [one.path() for one in locks], tint)
        for one in locks:
            lock.draw(ink, one, tint)
            ink.fill(one.sliver(0.2, 0.3), tint.light, 0.55)
        knot = oval(side * 0.5, 0, 4.8, 4.2)
        ink.shape(knot, tone(f"#{bytes(tie).hex()}"), oval(side * 0.5, 3, 5, 3))


def _bun(ink: Ink, tint: Tone, x: float, tie: Colour) -> None:
    ball = oval(x, -36, 12.8, 12.2)
    ink.shape(ball, tint, oval(x + 3, -29, 12, 8), 1.1)
    for dx, bend in ((-6.0, -44.0), (0.0, -38.0), (6.0, -32.0)):
        ink.fill(taper((x - 9, -34 + dx * 0.5), (x + dx, bend), (x + 9, -38 + dx * 0.6), 0.7), tint.shade)
    ink.fill(taper((x - 8, -40), (x - 3, -46), (x + 4, -45), 1.6), tint.light)
    ink.line(smooth([(x * 0.86 - 7, -25), (x * 0.84, -26.5), (x * 0.86 + 7, -25)], closed=False), tie, 2.6)


def _curls(ink: Ink, tint: Tone, rng: random.Random) -> None:
    start = rng.uniform(-0.1, 0.1)
    count = 12
    angles = [start - math.pi / 2 + 2 * math.pi * k / count for k in range(count)]
    ring: list[Point] = [
        ((38.5 + 2.5 * max(0.0, math.sin(a))) * math.cos(a), -3 + 40 * math.sin(a)) for a in angles
    ]  # fmt: skip
    path = hair.cloud(ring)
    ink.fill(path, tint.base)
    with ink.inside(path):
        ink.fill(oval(0, 26, 27, 34), behind(tint).shade)
    ink.outline(path, tint.line, 1.1)
    for x, y in ring:
        hair.curl(ink, x * 0.95, (y + 3) * 0.95 - 3, 7.6, tint)


def _spikes(ink: Ink, tint: Tone, pose: Pose, rng: random.Random) -> None:
    dark = behind(tint)
    ink.fill(oval(0, 2, 27, 26), dark.shade)
    way = rng.choice((-1, 1))
    spikes = [(abs(row[0]) > 110, _spike(*row, way, pose, rng)) for row in _SPIKES]
    lock.contour(ink, [spike.path() for _, spike in spikes], tint)
    for low, spike in spikes:
        lock.draw(ink, spike, dark if low else tint)


def _spike(degrees: float, length: float, breadth: float, way: int, pose: Pose, rng: random.Random) -> Lock:
    turn = math.radians(degrees + rng.uniform(-5, 5) + pose.sway * 3)
    reach = length + rng.uniform(-3, 3)
    x, y = math.sin(turn), -math.cos(turn)
    nx, ny = -y * breadth, x * breadth
    left, right = (22 * x + nx, -8 + 22 * y + ny), (22 * x - nx, -8 + 22 * y - ny)
    return Lock(left, right, (reach * x, -6 + reach * y), 5.0 * way, 2.6)


def falling(ink: Ink, style: str, tint: Tone, tail_side: int, pose: Pose, rng: random.Random) -> None:
    """Draw what falls before the shoulders, under the face: the ends of long hair, or a braid."""
    if style == "long":
        for each in (-1, 1):
            rows = hair.table()["falling"]["long"]
            locks = _hanging(rows, each, pose, rng)
            lock.contour(ink, [one.path() for one in locks], tint, 1.8)
            for one in locks:
                lock.draw(ink, one, tint)
    elif style == "braid":
        _braid(ink, tint, tail_side, rng)


def _braid(ink: Ink, tint: Tone, side: int, rng: random.Random) -> None:
    """Draw a braid, link by link, to the lower edge."""
    tie = rng.choice(_TIES)
    for way in (-1, 0, 1):
        tuft = Lock((side * 26 - 3, 58), (side * 26 + 3, 58), (side * 26 + way * 5, 72 - abs(way) * 2), 0.0, 2.0)
        lock.draw(ink, tuft, tint)
    for k in range(5):
        y, x = 22 + 7.8 * k, side * (29.5 - 0.8 * k)
        for way in (-1, 1):
            with ink.placed(x + way * 2.9, y, degrees=way * 36):
                link = oval(0, 0, 6.6 - 0.25 * k, 4.7)
                ink.shape(link, tint, oval(1.0, 3.4, 6.4, 3), 0.9)
                ink.fill(taper((-3.6, -0.6), (-1, -2.8), (2.6, -2.2), 0.8), tint.light)
    knot = box(side * 26 - 5, 56.5, side * 26 + 5, 60.5, 1.8)
    ink.shape(knot, tone(f"#{bytes(tie).hex()}"))
