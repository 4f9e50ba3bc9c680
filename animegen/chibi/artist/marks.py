"""The manga marks, each in its place near the head: they are drawn when asked for, whatever the face feels."""

import random
from typing import Final

import skia

from animegen.chibi.artist.ink import Ink, Point, corners, oval, smooth, star, taper
from animegen.chibi.artist.palette import WHITE, Colour
from animegen.chibi.artist.pose import Pose

_ANGER: Colour = (228, 30, 48)
_TWINKLE: Colour = (255, 196, 40)
_NOTE: Colour = (38, 168, 120)
_PLACES: Final[dict[str, Point]] = {
    "anger": (-24.0, -25.0),
    "twinkle": (35.0, -22.0),
    "start": (31.0, -31.0),
    "glint": (32.0, -27.0),
    "flame": (-38.0, -10.0),
    "note": (39.0, -14.0),
    "bubble": (1.5, 17.0),
}


def draw(ink: Ink, pose: Pose, name: str, rng: random.Random) -> None:
    """Draw a mark before face and hair, its size varied a little; ``none`` draws nothing."""
    if name == "none":
        return
    x, y = _PLACES[name]
    size = rng.uniform(1.35, 1.6)
    with ink.placed(x + pose.slide * 0.5, y, across=size, down=size):
        _draw(ink, name)


def _draw(ink: Ink, name: str) -> None:
    match name:
        case "anger":
            _anger(ink)
        case "twinkle":
            _twinkle(ink)
        case "note":
            _note(ink)
        case "start":
            _start(ink)
        case "glint":
            _glint(ink)
        case "flame":
            _flame(ink)
        case "bubble":
            _bubble(ink)


def _anger(ink: Ink) -> None:
    """Draw the red vein that pops on a forehead."""
    for colour, width in ((WHITE, 5.0), (_ANGER, 2.8)):
        for quarter in range(4):
            with ink.placed(degrees=90 * quarter + 8):
                path = skia.Path()
                path.moveTo(1.9, -7.8)
                path.quadTo(1.9, -1.9, 7.8, -1.9)
                ink.line(path, colour, width)


def _twinkle(ink: Ink) -> None:
    """Draw two yellow stars of four points."""
    for x, y, size in ((0.0, 0.0, 8.4), (6.0, 10.0, 5.2)):
        twinkle = star(x, y, size, points=4, waist=0.36)
        ink.line(twinkle, WHITE, 2.4)
        ink.fill(twinkle, _TWINKLE)
        ink.line(twinkle, (206, 120, 20), 0.8)


def _start(ink: Ink) -> None:
    """Draw three strokes that fly off the head."""
    for degrees in (-4.0, 32.0, 68.0):
        with ink.placed(degrees=degrees):
            stroke = taper((0, -3.0), (0, -10), (0, -16), 3.4)
            ink.line(stroke, WHITE, 2.8)
            ink.fill(stroke, (255, 206, 46))
            ink.line(stroke, (120, 60, 40), 0.9)


def _glint(ink: Ink) -> None:
    """Draw a violet star, long and thin."""
    flash = star(0, 0, 9.0, points=4, waist=0.2)
    ink.line(flash, WHITE, 2.4)
    ink.fill(flash, (196, 96, 236))
    ink.line(flash, (108, 36, 150), 0.8)


def _flame(ink: Ink) -> None:
    """Draw the fire of someone who does not give up."""
    outer = smooth([(0, 8), (-6.4, 4), (-6, -3), (-2.4, -5.6), (-1.6, -13), (3.4, -7), (4.4, -2.6), (6.4, 3)])
    inner = smooth([(0, 7), (-3.2, 4), (-2.2, 0), (0.4, -4), (2.6, 0.6), (3.2, 4)])
    ink.line(outer, WHITE, 2.4)
    ink.fill(outer, (244, 84, 34))
    ink.line(outer, (168, 32, 30), 0.8)
    ink.fill(inner, (255, 208, 70))


def _note(ink: Ink) -> None:
    """Draw two quavers under one beam."""
    note = corners([(-4.2, 5.6), (-4.2, -6.4), (5.4, -8.4), (5.4, 3.4)], closed=False)
    beam = corners([(-4.2, -6.4), (5.4, -8.4), (5.4, -4.6), (-4.2, -2.6)])
    heads = [oval(-6.2, 5.8, 3.2, 2.5), oval(3.4, 3.6, 3.2, 2.5)]
    for colour, width in ((WHITE, 3.8), (_NOTE, 1.7)):
        for path in (note, beam, *heads):
            ink.line(path, colour, width)
    for path in (beam, *heads):
        ink.fill(path, _NOTE)


def _bubble(ink: Ink) -> None:
    """Draw a bubble that is blown from the nose to the side, so that the mouth stays in sight."""
    ball = oval(12.6, 5.2, 6.2, 6.2)
    ink.fill(taper((0.4, 0.2), (4, 1.4), (8.4, 4.4), 1.2), (150, 200, 248))
    ink.blend(ball, (9, -1), (17, 11), [(226, 244, 255), (150, 200, 248)], 0.9)
    ink.line(ball, (84, 136, 206), 0.9)
    ink.fill(oval(10.4, 2.8, 1.5, 2.1), WHITE)
