"""What is behind the character: plain colours, a gradient, and quiet scenes, all a little out of focus."""

import random
from collections.abc import Callable

import skia

from animegen.chibi.artist.ink import UNITS, Ink, box, corners, oval, smooth, star, taper
from animegen.chibi.artist.palette import WHITE, Colour, choices, colour, mix

_ALL = box(0, 0, UNITS, UNITS)
_FAR = 72
"""The pixels a side of what is far away; enlarged to any picture it is as soft as a lens would draw it."""
_RIMS: dict[str, Colour] = {
    "sunset": (255, 196, 128),
    "night": (150, 184, 255),
    "sky": (236, 248, 255),
    "room": (255, 236, 200),
    "blossoms": (255, 226, 238),
}


def rim(name: str) -> Colour:
    """Return the light that falls from this background on the edge of hair."""
    return _RIMS.get(name, WHITE)


def draw(ink: Ink, name: str, rng: random.Random) -> None:
    """Fill the picture with a background: what is far, softly, then what is near."""
    far = Ink(_FAR)
    if scene := _FAR_SCENES.get(name):
        scene(far, rng)
    else:
        _plain(far, colour(choices("background", name)[0]))
    ink.backdrop(far)
    if near := _NEAR_SCENES.get(name):
        near(ink, rng)


def _plain(ink: Ink, base: Colour) -> None:
    """Paint paper: a breath of light behind the head, a breath of shade below."""
    ink.fill(_ALL, base)
    ink.glow((56, 48), 74, mix(base, WHITE, 0.5), 0.8)
    ink.veil(_ALL, (0, 150), (0, 70), mix(base, (96, 70, 130), 0.4), 0.24)


def _gradient(ink: Ink, rng: random.Random) -> None:
    colours = [colour(code) for code in rng.choice(choices("gradient", "pairs"))]
    ink.blend(_ALL, (8, 0), (120, 128), colours)


def _sky(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 128), [colour("#3a94ee"), colour("#7cc0fa"), colour("#d6f0ff")])
    for x, y in ((14, 30), (114, 46), (10, 88), (118, 100)):
        _cloud(ink, x + rng.uniform(-5, 5), y + rng.uniform(-7, 7), rng.uniform(1.0, 1.4))
    ink.glow((6, -4), 70, WHITE, 0.55)


def _cloud(ink: Ink, x: float, y: float, scale: float) -> None:
    with ink.placed(x, y, across=scale, down=scale):
        ink.fill(oval(1, 3.6, 18, 5.5), colour("#b6d8f6"))
        for dx, dy, r in ((-10, 0, 6), (-3, -5, 8), (6, -3, 7.5), (12, 1, 5)):
            ink.fill(oval(dx, dy, r, r), WHITE)
        ink.fill(oval(0, 2.0, 16, 4.4), colour("#eef7ff"))


def _sunset(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 118), [colour(c) for c in ("#5a3f94", "#b4549c", "#f5785a", "#ffb04a", "#ffd870")])
    x = rng.choice((17, 111)) + rng.uniform(-3, 3)
    ink.glow((x, 80), 44, colour("#fff0b0"), 0.9)
    ink.fill(oval(x, 80, 12, 12), colour("#fff6d0"))
    for y in (20, 38, 54, 66):
        left = rng.choice((-16, 70)) + rng.uniform(-8, 8)
        ink.fill(taper((left, y), (left + 32, y), (left + 66, y + 2), 4.0), colour("#8a4a98"), 0.6)
        ink.fill(taper((left + 6, y + 2), (left + 36, y + 3.4), (left + 60, y + 3), 1.4), colour("#ffc48a"), 0.7)
    ink.fill(smooth([(-10, 100), (20, 92), (50, 98), (90, 92), (140, 100), (140, 140), (-10, 140)]), colour("#8a4a78"))
    ink.fill(
        smooth([(-10, 110), (24, 103), (64, 108), (104, 101), (140, 110), (140, 140), (-10, 140)]), colour("#54305e")
    )


def _night(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 128), [colour("#0e1744"), colour("#24357e"), colour("#4a62ae")])
    with ink.placed(64, 60, degrees=rng.choice((-38, 38))):
        ink.blend(
            box(-110, -26, 110, 26), (0, -26), (0, 26), [colour("#24357e"), colour("#5a74c4"), colour("#24357e")], 0.4
        )


def _stars(ink: Ink, rng: random.Random) -> None:
    """Hang moon and stars, which are sharp however far they are."""
    moon = rng.choice((17, 111))
    ink.glow((moon, 20), 30, colour("#fff2b0"), 0.5)
    crescent = skia.Op(oval(moon, 20, 12, 12), oval(moon + 5, 16.5, 9.8, 9.8), skia.PathOp.kDifference_PathOp)
    ink.fill(crescent, colour("#fff0a8"))
    for x, y in ((8, 48), (22, 68), (10, 92), (118, 46), (106, 66), (119, 90), (128 - moon, 14), (64, 7)):
        size = rng.uniform(2.4, 5.2)
        with ink.placed(x + rng.uniform(-3, 3), y + rng.uniform(-4, 4)):
            ink.glow((0, 0), size * 1.5, colour("#cfe0ff"), 0.5)
            ink.fill(star(0, 0, size, 4, 0.26), colour("#fffbe0"))
    for _ in range(14):
        ink.fill(oval(rng.uniform(0, 128), rng.uniform(0, 104), 0.5, 0.5), WHITE, rng.uniform(0.5, 1))


def _room(ink: Ink, rng: random.Random) -> None:
    wall = colour(rng.choice(("#ecd2ae", "#e4ceb8", "#e2d6b0")))
    ink.blend(_ALL, (0, 0), (128, 128), [mix(wall, WHITE, 0.3), wall, mix(wall, (120, 80, 60), 0.2)])
    ink.fill(box(0, 100, 128, 128), colour("#a8744c"))
    ink.fill(box(0, 97, 128, 101), colour("#84563a"))
    flip = rng.random() < 0.5
    with ink.placed(128 if flip else 0, 0, across=-1 if flip else 1):
        _window(ink)
        _shelf(ink, rng)


def _window(ink: Ink) -> None:
    frame = colour("#8a5a3a")
    ink.fill(box(1, 8, 37, 74, 1), frame)
    ink.blend(box(5, 12, 33, 70), (0, 12), (0, 70), [colour("#6ab8f5"), colour("#d4f0ff")])
    ink.fill(oval(10, 66, 10, 12), colour("#8ac88a"))
    ink.fill(oval(27, 68, 9, 9), colour("#6fb47e"))
    ink.fill(box(17.6, 12, 20.6, 70), frame)
    ink.fill(box(5, 38, 33, 41), frame)
    for x, sway in ((-2, 5), (33, -3)):
        ink.fill(corners([(x, 4), (x + 9, 4), (x + 8 + sway * 0.4, 82), (x - 2, 82)], bow=0.03), colour("#f6ece0"), 0.9)
    ink.fill(corners([(6, 74), (34, 74), (70, 128), (30, 128)]), colour("#fff2c8"), 0.22)


def _shelf(ink: Ink, rng: random.Random) -> None:
    for y in (36, 74):
        ink.fill(box(92, y, 128, y + 4), colour("#8a5a3a"))
        for k, code in enumerate(rng.sample(("#c86a58", "#4f8a9a", "#e0b05a", "#6f9a5e", "#966aa2"), 4)):
            ink.fill(box(97 + 7.2 * k, y - 17 - (k % 2) * 3, 103.4 + 7.2 * k, y), colour(code))


def _blossoms(ink: Ink, rng: random.Random) -> None:
    ink.blend(_ALL, (0, 0), (0, 128), [colour("#fdf4f6"), colour("#fbe4ee"), colour("#f2d8ea")])
    for _ in range(12):
        x, y = rng.choice((rng.uniform(-4, 34), rng.uniform(94, 132))), rng.uniform(0, 128)
        ink.fill(oval(x, y, *[rng.uniform(4, 9)] * 2), colour(rng.choice(("#fcc8dc", "#ffe6f0", "#f8b8d2"))), 0.55)


def _branches(ink: Ink, rng: random.Random) -> None:
    flip = rng.random() < 0.5
    with ink.placed(128 if flip else 0, 0, across=-1 if flip else 1):
        bark = colour("#86584e")
        ink.line(corners([(-4, 30), (14, 16), (44, 8), (84, 10)], bow=-0.08, closed=False), bark, 3.2)
        ink.line(corners([(84, 10), (128, 22)], bow=0.1, closed=False), bark, 2.2)
        ink.line(corners([(12, 18), (12, 40), (8, 58)], bow=0.1, closed=False), bark, 1.9)
        for x, y in ((6, 28), (20, 13), (10, 46), (26, 26), (108, 16), (120, 28), (94, 8), (44, 8), (8, 64)):
            _blossom(ink, x + rng.uniform(-2, 2), y + rng.uniform(-2, 2), rng.uniform(5.6, 7.6), rng.uniform(0, 72))
    for x, y in ((8, 84), (22, 98), (118, 56), (108, 82), (120, 104), (104, 44)):
        with ink.placed(x + rng.uniform(-4, 4), y + rng.uniform(-5, 5), degrees=rng.uniform(0, 180)):
            ink.fill(corners([(-4, 0), (4, 0)], bow=0.36), colour("#f598ba"))


def _blossom(ink: Ink, x: float, y: float, radius: float, degrees: float) -> None:
    pink: Colour = colour("#fba6c6")
    for k in range(5):
        with ink.placed(x, y, degrees=degrees + 72 * k):
            ink.fill(oval(0, -radius * 0.58, radius * 0.42, radius * 0.5), mix(pink, WHITE, 0.3 + 0.25 * (k % 2)))
    ink.fill(oval(x, y, radius * 0.22, radius * 0.22), colour("#d8447c"))


_FAR_SCENES: dict[str, Callable[[Ink, random.Random], None]] = {
    "gradient": _gradient,
    "sky": _sky,
    "sunset": _sunset,
    "night": _night,
    "room": _room,
    "blossoms": _blossoms,
}
_NEAR_SCENES: dict[str, Callable[[Ink, random.Random], None]] = {"night": _stars, "blossoms": _branches}
