"""What a character wears besides clothes, each in its layer: at the neck, on the head, before the eyes, at the ears."""

import random

from animegen.chibi.artist.eyes import EYE_Y
from animegen.chibi.artist.ink import Ink, box, corners, mirrored, oval, smooth, taper
from animegen.chibi.artist.palette import WHITE, Tone, choices, tone
from animegen.chibi.artist.pose import Pose


def _colour(name: str, rng: random.Random) -> Tone:
    return tone(rng.choice(choices("accessory", name)))


def scarf(ink: Ink, rng: random.Random) -> None:
    """Draw a scarf around the neck with one end that hangs down; x runs from the middle of the body."""
    cloth = _colour("scarf", rng)
    way = rng.choice((-1, 1))
    end = corners([(way * 7, 102), (way * 17, 101), (way * 20, 124), (way * 9, 125)], bow=0.03)
    ink.shape(end, cloth)
    ink.fill(taper((way * 11, 106), (way * 13, 114), (way * 12.5, 123), 0.8), cloth.shade)
    ink.line(corners([(way * 9.6, 117.5), (way * 18.6, 117)], closed=False), cloth.light, 2.2)
    for x in (10.5, 13.5, 16.5, 19):
        ink.line(corners([(way * x, 124), (way * (x + 0.3), 127.5)], closed=False), cloth.line, 1.0)
    wrap = smooth([(-17, 90), (-22, 97), (-17, 105), (0, 108.5), (17, 105), (22, 97), (17, 90), (0, 88)])
    ink.shape(wrap, cloth, oval(2, 91, 17, 7.5), 1.1)
    with ink.inside(wrap):
        ink.fill(smooth([(9, 88), (13, 97), (8, 110), (30, 110), (30, 88)]), cloth.shade, 0.7)
    ink.fill(taper((-19, 97), (-2, 106), (16, 101), 1.0), cloth.shade)
    ink.fill(taper((-20, 96), (-17, 101), (-10, 103.6), 0.8), cloth.light, 0.8)


def glasses(ink: Ink, pose: Pose, rng: random.Random) -> None:
    """Draw glasses before the eyes: two equal round lenses in one even frame, clear of iris and lashes."""
    frame = _colour("glasses", rng)
    lens = box(-13.0, -12.6, 13.0, 12.6, 10.0)
    ends = []
    for side in (-1, 1):
        x = pose.eye_x(side) + side * 0.7
        ends.append(x - side * 13.0 * pose.width(side))
        with ink.placed(x, EYE_Y + 0.6, across=pose.width(side)):
            ink.line(lens, frame.base, 1.7)
    ink.line(corners([(ends[0], EYE_Y), (ends[1], EYE_Y)], bow=0.3, closed=False), frame.base, 1.9)


def earrings(ink: Ink, rng: random.Random) -> None:
    """Draw a golden drop with a gem at each ear, over the hair."""
    gold = _colour("earrings", rng)
    gem = tone("#d8244a")
    for side in (-1, 1):
        with ink.placed(side * 29.5, 15.5, across=1.25, down=1.25):
            ink.shape(oval(0, 1.5, 2.3, 2.3), gold, width=0.9)
            ink.shape(corners([(0, 3.5), (4.4, 10), (0, 16.5), (-4.4, 10)], bow=0.06), gold, width=1.0)
            ink.shape(oval(0, 10.3, 2.1, 2.9), gem, width=0.6)
            ink.fill(oval(-0.7, 9.1, 0.7, 0.9), WHITE)


def cat_ears(ink: Ink, hair: Tone) -> None:
    """Draw a cat's ears in the colour of the hair, with pink insides and a tuft."""
    for side in (-1, 1):
        ear = corners([(side * 6, -40), (side * 24, -53.0), (side * 31.5, -24)], bow=0.1 * side)
        ink.shape(ear, hair, width=1.1)
        ink.fill(corners([(side * 12, -40), (side * 23, -48.4), (side * 28, -30)], bow=0.1 * side), (255, 160, 182))
        for tip in ((15, -47.5), (19, -49.5)):
            tuft = taper((side * 10, -38), (side * 12, -46), (side * tip[0], tip[1] + 2), 2.0)
            ink.fill(tuft, hair.light)


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
    end = corners([(0, -42), (-13, -33), (-16, -28), (-9, -27.5), (-1, -38)], bow=0.08)
    loop = smooth([(0, -43), (-9, -51), (-20, -53), (-23.5, -43.5), (-19, -35), (-8, -37.5)])
    for path in (end, mirrored(end), loop, mirrored(loop)):
        ink.shape(path, cloth, oval(0, -41, 9.5, 5), 1.0)
    for way in (-1, 1):
        ink.fill(taper((way * 4, -43.4), (way * 11, -46), (way * 16, -44.6), 0.7), cloth.shade)
        ink.fill(taper((way * 4, -41.6), (way * 10, -40.6), (way * 15, -39.4), 0.6), cloth.shade)
    ink.shape(box(-4.5, -47.5, 4.5, -37, 3.2), cloth, box(1, -48, 6, -36), 1.0)
    ink.fill(taper((-20, -49), (-17, -53), (-11, -50.5), 1.1), cloth.light)


def _hat(ink: Ink, straw: Tone, rng: random.Random) -> None:
    crown = smooth([(-28, -20), (-29, -36), (-22, -47.5), (0, -51.5), (22, -47.5), (29, -36), (28, -20), (0, -25)])
    ink.shape(crown, straw, smooth([(10, -58), (15, -40), (12, -14), (40, -12), (40, -58)]), 1.1)
    band = tone(rng.choice(("#c8323c", "#3f5fb8", "#3f8a5a")))
    with ink.inside(crown):
        ink.fill(taper((-23, -38), (-20, -48), (-10, -51.6), 1.8), straw.light, 0.9)
        for y in (-50.0, -45.0, -40.0):
            ink.line(corners([(-28, y + 3), (28, y + 3)], bow=0.1, closed=False), straw.shade, 0.6, 0.7)
        strip = corners([(-32, -33), (0, -39), (32, -33), (32, -22), (0, -29), (-32, -22)], bow=0.04)
        ink.shape(strip, band, smooth([(10, -40), (13, -30), (12, -14), (40, -12), (40, -40)]), 0.9)
    left: list[tuple[float, float]] = [(-46, -18), (-30, -27), (0, -30), (30, -27), (46, -18)]
    brim = smooth([*left, (40, -11.5), (20, -16.5), (0, -18), (-20, -16.5), (-40, -11.5)])
    ink.shape(brim, straw, smooth([(-44, -13), (0, -21), (44, -15), (44, -6), (-44, -6)]), 1.1)
    ink.fill(taper((-40, -18.4), (-24, -26.6), (-6, -27.4), 0.8), straw.light)


def _headphones(ink: Ink, shell: Tone) -> None:
    band = smooth([(-34, 0), (-34.5, -20), (-23, -40), (0, -48.5), (23, -40), (34.5, -20), (34, 0)], closed=False)
    ink.line(band, shell.line, 6.6)
    ink.line(band, shell.base, 4.8)
    ink.line(smooth([(-32, -24), (-22, -40), (-6, -47.6)], closed=False), shell.light, 1.4)
    for side in (-1, 1):
        cup = box(side * 33.5 - 6.5, -6.5, side * 33.5 + 6.5, 17.5, 6)
        ink.shape(cup, shell, box(side * 33.5 + 1.5, -8, side * 33.5 + 9, 19), 1.1)
        ink.shape(box(side * 33.5 - 3.4, -1.5, side * 33.5 + 3.4, 12.5, 3.2), tone("#4fd0e8"), width=0.9)
        ink.fill(oval(side * 33.5 - 1.4, 1.6, 1.0, 2.0), WHITE, 0.9)


def _flower(ink: Ink, petal: Tone, side: int) -> None:
    with ink.placed(side * 25, -25):
        for way in (-1, 1):
            leaf = corners([(0, 4), (way * 15, 10)], bow=0.35)
            ink.shape(leaf, tone("#5aa84a"), width=0.9)
        for k in range(5):
            with ink.placed(degrees=72 * k):
                ink.shape(
                    smooth([(0, -2), (-5.6, -7.6), (-3.4, -12.6), (0, -11.6), (3.4, -12.6), (5.6, -7.6)]),
                    petal,
                    width=0.9,
                )
                ink.fill(taper((0, -2.6), (0, -5.6), (0.2, -8.6), 0.9), petal.shade)
        ink.shape(oval(0, 0, 3.5, 3.5), tone("#ffd23a"), oval(1.2, 1.6, 2.8, 2.4), 0.8)
        ink.fill(oval(-1, -1.2, 1.1, 1.1), WHITE)
