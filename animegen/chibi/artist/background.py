"""What is behind the character: plain colours, a gradient, and small plain scenes."""

import random
from collections.abc import Callable

import skia

from animegen.chibi.artist.ink import UNITS, Ink, box, corners, oval, smooth, star, taper
from animegen.chibi.artist.palette import WHITE, Colour, choices, colour, mix

_ALL = box(0, 0, UNITS, UNITS)


def draw(ink: Ink, name: str, rng: random.Random) -> None:
    """Fill the picture with a background."""
    if scene := _SCENES.get(name):
        scene(ink, rng)
    else:
        ink.fill(_ALL, colour(choices("background", name)[0]))


def _gradient(ink: Ink, rng: random.Random) -> None:
    colours = [colour(code) for code in rng.choice(choices("gradient", "pairs"))]
    ink.blend(_ALL, (8, 0), (120, 128), colours)


def _sky(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 128), [colour("#3f9bf0"), colour("#bfe6ff")])
    for x, y in ((16, 26), (112, 44), (14, 82), (114, 98)):
        _cloud(ink, x + rng.uniform(-4, 4), y + rng.uniform(-6, 6), rng.uniform(0.9, 1.2))


def _cloud(ink: Ink, x: float, y: float, scale: float) -> None:
    with ink.placed(x, y, across=scale, down=scale):
        ink.fill(oval(0, 3.2, 17, 5.5), colour("#d4e8fa"))
        for dx, dy, r in ((-9, 0, 6), (-1, -4, 8), (8, -1, 6.5)):
            ink.fill(oval(dx, dy, r, r), WHITE)
        ink.fill(oval(0, 1.5, 16, 4.8), WHITE)


def _sunset(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 118), [colour(c) for c in ("#5a3f94", "#b4549c", "#f5785a", "#ffb04a", "#ffd870")])
    x = rng.choice((17, 111)) + rng.uniform(-3, 3)
    ink.glow((x, 80), 30, colour("#fff0b0"), 0.8)
    ink.fill(oval(x, 80, 13, 13), colour("#fff3c0"))
    for y in (22, 46, 62):
        left = rng.choice((-12, 76)) + rng.uniform(-6, 6)
        ink.fill(taper((left, y), (left + 32, y), (left + 64, y + 2), 4.5), colour("#8a4a98"), 0.75)
    ink.fill(
        smooth([(-10, 104), (24, 97), (64, 102), (104, 97), (140, 104), (140, 140), (-10, 140)]), colour("#6a3a6e")
    )


def _night(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 128), [colour("#101a4a"), colour("#38509c")])
    moon = rng.choice((17, 111))
    ink.glow((moon, 20), 24, colour("#fff2b0"), 0.5)
    crescent = skia.Op(oval(moon, 20, 12, 12), oval(moon + 5, 16.5, 9.5, 9.5), skia.PathOp.kDifference_PathOp)
    ink.fill(crescent, colour("#fff0a8"))
    for x, y in ((8, 48), (22, 68), (10, 92), (118, 46), (106, 66), (119, 90), (128 - moon, 14), (64, 7)):
        ink.fill(star(x + rng.uniform(-3, 3), y + rng.uniform(-4, 4), rng.uniform(3.4, 5), 4, 0.34), colour("#fff8d0"))


def _room(ink: Ink, rng: random.Random) -> None:
    wall = rng.choice(("#e8c8a0", "#dcc4ac", "#d8ccA0"))
    ink.fill(_ALL, colour(wall))
    ink.fill(box(0, 100, 128, 128), colour("#a0683f"))
    ink.fill(box(0, 97, 128, 101), colour("#7a4a2c"))
    flip = rng.random() < 0.5
    with ink.placed(128 if flip else 0, 0, across=-1 if flip else 1):
        _window(ink)
        _shelf(ink, rng)


def _window(ink: Ink) -> None:
    frame = colour("#7a4a2c")
    ink.fill(box(3, 10, 35, 70, 1), frame)
    ink.blend(box(6, 13, 32, 67), (0, 13), (0, 67), [colour("#6ab8f5"), colour("#d4f0ff")])
    ink.fill(box(17.6, 12, 20.6, 68), frame)
    ink.fill(box(5, 38, 33, 41), frame)


def _shelf(ink: Ink, rng: random.Random) -> None:
    for y in (36, 74):
        ink.fill(box(94, y, 128, y + 4), colour("#7a4a2c"))
        for k, code in enumerate(rng.sample(("#c8503f", "#3f7a8f", "#e0a83a", "#5a8a4a", "#8a5a9a"), 4)):
            ink.fill(box(98 + 7.2 * k, y - 17 - (k % 2) * 3, 104.4 + 7.2 * k, y), colour(code))


def _blossoms(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 128), [colour("#fdf2f4"), colour("#f6e2ee")])
    flip = rng.random() < 0.5
    with ink.placed(128 if flip else 0, 0, across=-1 if flip else 1):
        bark = colour("#7a4c44")
        ink.line(corners([(-4, 30), (14, 16), (44, 8), (84, 10)], bow=-0.08, closed=False), bark, 4.0)
        ink.line(corners([(84, 10), (128, 22)], bow=0.1, closed=False), bark, 3.0)
        ink.line(corners([(12, 18), (12, 40), (8, 58)], bow=0.1, closed=False), bark, 2.6)
        for x, y in ((6, 28), (20, 13), (10, 46), (26, 26), (108, 16), (120, 28), (94, 8), (44, 8), (8, 64)):
            _blossom(ink, x + rng.uniform(-2, 2), y + rng.uniform(-2, 2), rng.uniform(5.6, 7.4), rng.uniform(0, 72))
    for x, y in ((8, 84), (22, 98), (118, 56), (108, 82), (120, 104), (104, 44)):
        with ink.placed(x + rng.uniform(-4, 4), y + rng.uniform(-5, 5), degrees=rng.uniform(0, 180)):
            ink.fill(oval(0, 0, 4.2, 2.6), colour("#f590b4"))


def _blossom(ink: Ink, x: float, y: float, radius: float, degrees: float) -> None:
    pink: Colour = colour("#fa9cc0")
    for k in range(5):
        with ink.placed(x, y, degrees=degrees + 72 * k):
            ink.fill(oval(0, -radius * 0.58, radius * 0.4, radius * 0.5), mix(pink, WHITE, 0.25 * (k % 2)))
    ink.fill(oval(x, y, radius * 0.26, radius * 0.26), colour("#d8447c"))


_SCENES: dict[str, Callable[[Ink, random.Random], None]] = {
    "gradient": _gradient,
    "sky": _sky,
    "sunset": _sunset,
    "night": _night,
    "room": _room,
    "blossoms": _blossoms,
}
