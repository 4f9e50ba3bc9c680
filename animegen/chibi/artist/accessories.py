"""What a character wears besides clothes, each in its layer: at the neck, on the head, before the eyes, at the ears."""

import random

from animegen.chibi.artist.eyes import EYE_Y
from animegen.chibi.artist.ink import Ink, box, corners, mirrored, oval, scallops, smooth, taper
from animegen.chibi.artist.palette import INK, WHITE, Tone, choices, colour, tone
from animegen.chibi.artist.pose import Pose


def _colour(name: str, rng: random.Random) -> Tone:
    return tone(rng.choice(choices("accessory", name)))


def scarf(ink: Ink, rng: random.Random) -> None:
    """Draw a scarf around the neck with one end that hangs down; x runs from the middle of the body."""
    cloth = _colour("scarf", rng)
    way = rng.choice((-1, 1))
    end = corners([(way * 7, 102), (way * 17, 101), (way * 19, 122), (way * 9, 123)])
    ink.shape(end, cloth)
    ink.line(corners([(way * 9.6, 116.5), (way * 18, 116)], closed=False), cloth.light, 2.2)
    wrap = smooth([(-17, 90), (-22, 97), (-17, 105), (0, 108.5), (17, 105), (22, 97), (17, 90), (0, 88)])
    ink.shape(wrap, cloth, oval(0, 91, 17, 6.5), 1.5)
    ink.fill(taper((-18, 98), (-2, 106), (14, 101), 1.3), cloth.shade)


def glasses(ink: Ink, pose: Pose, rng: random.Random) -> None:
    """Draw glasses with bold frames before the eyes."""
    frame = _colour("glasses", rng)
    for side in (-1, 1):
        with ink.placed(pose.eye_x(side), EYE_Y + 0.8, across=pose.width(side)):
            lens = box(-11, -10.4, 11, 11.2, 7.5)
            ink.fill(lens, (225, 240, 255), 0.1)
            ink.line(lens, frame.base, 2.3)
    inner = (pose.eye_x(-1) + 11 * pose.width(-1), pose.eye_x(1) - 11 * pose.width(1))
    ink.line(corners([(inner[0], EYE_Y), (inner[1], EYE_Y)], bow=0.3, closed=False), frame.base, 2.3)


def earrings(ink: Ink, rng: random.Random) -> None:
    """Draw a golden drop with a gem at each ear, over the hair."""
    gold = _colour("earrings", rng)
    gem = tone("#d8244a")
    for side in (-1, 1):
        x = side * 30.5
        ink.shape(oval(x, 16.5, 2.4, 2.4), gold, width=1.2)
        ink.shape(corners([(x, 19), (x + 4.6, 25.5), (x, 32), (x - 4.6, 25.5)], bow=0.06), gold, width=1.4)
        ink.fill(oval(x, 25.6, 2.0, 2.6), gem.base)


def cat_ears(ink: Ink, hair: Tone) -> None:
    """Draw a cat's ears in the colour of the hair."""
    for side in (-1, 1):
        ear = corners([(side * 4, -40), (side * 21, -58), (side * 28, -28)], bow=0.1 * side)
        ink.shape(ear, hair, width=1.5)
        ink.fill(corners([(side * 8.5, -40), (side * 20.3, -54), (side * 25, -33)], bow=0.1 * side), (255, 158, 178))


def on_head(ink: Ink, name: str, side: int, rng: random.Random) -> None:
    """Draw a ribbon, hat, headphones or flower; ``side`` is where a flower sits."""
    match name:
        case "ribbon":
            _ribbon(ink, _colour(name, rng))
        case "hat":
            _hat(ink, _colour(name, rng), rng)
        case "headphones":
            _headphones(ink, _colour(name, rng))
        case "flower":
            _flower(ink, _colour(name, rng), side)


def _ribbon(ink: Ink, cloth: Tone) -> None:
    loop = smooth([(0, -42), (-9, -51), (-20, -52), (-21, -40), (-17, -33), (-8, -36)])
    for path in (loop, mirrored(loop)):
        ink.shape(path, cloth, oval(0, -41, 9, 5), 1.5)
    ink.shape(box(-4.5, -47, 4.5, -36.5, 3.2), cloth, width=1.5)
    ink.fill(taper((-17, -47), (-13, -49.5), (-8, -47), 1.2), cloth.light)


def _hat(ink: Ink, straw: Tone, rng: random.Random) -> None:
    brim = smooth(
        [
            (-46, -19),
            (-30, -27),
            (0, -30),
            (30, -27),
            (46, -19),
            (40, -12),
            (20, -17),
            (0, -18.5),
            (-20, -17),
            (-40, -12),
        ]
    )
    crown = smooth([(-28, -20), (-29, -36), (-22, -50), (0, -55), (22, -50), (29, -36), (28, -20), (0, -25)])
    ink.shape(crown, straw, corners([(8, -60), (40, -60), (40, -10), (14, -10)], bow=0.1), 1.5)
    band = rng.choice(("#c8323c", "#3f5fb8", "#3f8a5a"))
    with ink.inside(crown):
        path = corners([(-32, -33), (0, -39), (32, -33), (32, -22), (0, -29), (-32, -22)], bow=0.04)
        ink.fill(path, colour(band))
        ink.outline(path, straw.line, 1.2)
    ink.shape(brim, straw, oval(0, -13, 40, 4.5), 1.5)


def _headphones(ink: Ink, shell: Tone) -> None:
    band = smooth([(-33, 0), (-33, -20), (-22, -39), (0, -47), (22, -39), (33, -20), (33, 0)], closed=False)
    ink.line(band, INK, 7.4)
    ink.line(band, shell.base, 4.8)
    for side in (-1, 1):
        ink.shape(box(side * 33 - 6.5, -6, side * 33 + 6.5, 17, 6), shell, width=1.6)
        ink.shape(box(side * 33 - 3.2, -1, side * 33 + 3.2, 12, 3), tone("#4fd0e8"), width=1.2)


def _flower(ink: Ink, petal: Tone, side: int) -> None:
    with ink.placed(side * 24, -24):
        for way in (-1, 1):
            leaf = corners([(0, 4), (way * 14, 10)], bow=0.35)
            ink.shape(leaf, tone("#5aa84a"), width=1.2)
        bloom = [(9.0 * x, 9.0 * y) for x, y in ((0, -1), (0.95, -0.31), (0.59, 0.81), (-0.59, 0.81), (-0.95, -0.31))]
        ink.shape(scallops(bloom, 0.52), petal, width=1.5)
        ink.shape(oval(0, 0, 3.8, 3.8), tone("#ffd23a"), width=1.2)
        ink.fill(oval(-1, -1, 1.2, 1.2), WHITE)
