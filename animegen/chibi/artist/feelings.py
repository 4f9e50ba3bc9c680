"""What anime adds to a face, each growing from nothing: blush, tears, sweat, and the little marks beside a head."""

import skia

from animegen.chibi.artist.expression import Face
from animegen.chibi.artist.ink import Ink, box, corners, drop, oval, smooth, star, taper
from animegen.chibi.artist.palette import WHITE, Colour, Skin, mix
from animegen.chibi.artist.pose import Pose

_WATER: Colour = (134, 206, 255)
_WATER_LINE: Colour = (44, 104, 196)
_ANGER: Colour = (228, 30, 48)
_GLOOM: Colour = (66, 80, 176)
_FURY: Colour = (214, 24, 36)
_GLEE: Colour = (255, 196, 40)
_EASE: Colour = (38, 168, 120)
_MARK = 1.3
"""How much larger than its own measures a mark beside the head is drawn."""


def tint(ink: Ink, shape: skia.Path, face: Face, skin: Skin) -> None:
    """Shade the upper face blue in dread and red in fury, and redden all of its middle in shame."""
    with ink.inside(shape):
        if face.gloom > 0:
            ink.veil(box(-34, -30, 34, 36), (0, -10), (0, 34), _GLOOM, 0.8 * face.gloom)
        if face.fury > 0:
            ink.veil(box(-34, -30, 34, 32), (0, -14), (0, 26), _FURY, 0.62 * face.fury)
        if face.flush > 0:
            with ink.placed(0, 15, down=0.62):
                ink.glow((0, 0), 38, skin.blush, 0.62 * face.flush)


def gloom_lines(ink: Ink, pose: Pose, face: Face) -> None:
    """Draw the lines of dread that hang over the forehead, on top of the bangs."""
    if face.gloom > 0:
        for x, long in ((-10.0, 13.0), (-5.0, 18.0), (0.0, 15.0), (5.0, 18.0), (10.0, 13.0)):
            path = taper((x + pose.slide, -27), (x + pose.slide, -20), (x + pose.slide, -27 + long * face.gloom), 0.9)
            ink.fill(path, _GLOOM, 0.9 * face.gloom)
            ink.line(path, _GLOOM, 0.6, 0.9 * face.gloom)


def blush(ink: Ink, pose: Pose, face: Face, skin: Skin, boy: bool) -> None:
    """Redden the cheeks, a girl's always a little, and in embarrassment hatch them."""
    for side in (-1, 1):
        x = pose.eye_x(side) + side * 4.0
        with ink.placed(x, 19.0, across=pose.width(side), down=0.6):
            ink.glow((0, 0), 8.6, skin.blush, (0.1 if boy else 0.26) + 0.6 * face.blush)
        if face.blush_lines > 0:
            for step in (-3.2, 0.0, 3.2):
                top, low = (x + step + 0.9, 16.8), (x + step - 0.9, 16.8 + 4.4 * face.blush_lines)
                ink.line(corners([top, low], closed=False), mix(skin.blush, (190, 20, 60), 0.6), 1.0, face.blush_lines)


def tears(ink: Ink, pose: Pose, face: Face) -> None:
    """Let tears well up under each eye and run down the cheek."""
    if face.tears > 0:
        for side in (-1, 1):
            x = pose.eye_x(side)
            ink.fill(oval(x - side * 0.5, 14.0, 6.2 * face.tears, 1.7 * face.tears), _WATER, 0.85)
            stream = box(x + side * 3.4 - 2.5, 13.4, x + side * 3.4 + 2.5, 13.4 + 11.0 * face.tears, 2.5)
            ink.fill(stream, _WATER, 0.8 * face.tears)
            _water(ink, x + side * 3.6, 13.4, 18.0 * face.tears)


def over_hair(ink: Ink, pose: Pose, face: Face) -> None:
    """Draw what floats before face and hair, each mark in its place beside the head."""
    if face.sweat > 0:
        _water(ink, 26.0 + pose.slide * 0.5, -13.0, 21.0 * face.sweat)
    marks = (
        (_anger, face.anger, -24.0, -25.0),
        (_glee, face.glee, 33.0, -22.0),
        (_start, face.start, 30.0, -31.0),
        (_glint, face.glint, 30.0, -8.0),
        (_flame, face.flame, -37.0, -9.0),
        (_note, face.ease, 37.0, -14.0),
        (_bubble, face.bubble, pose.slide * 0.5 + 1.5, 18.4),
    )
    for mark, size, x, y in marks:
        if size > 0:
            with ink.placed(x + pose.slide * 0.5, y, across=_MARK * size, down=_MARK * size):
                mark(ink)


def _water(ink: Ink, x: float, y: float, size: float) -> None:
    path = drop(x, y, size)
    ink.fill(path, _WATER, 0.95)
    ink.line(path, _WATER_LINE, min(0.9, size * 0.2))
    ink.fill(oval(x - size * 0.12, y + size * 0.68, size * 0.1, size * 0.14), WHITE)


def _anger(ink: Ink) -> None:
    for colour, width in ((WHITE, 5.0), (_ANGER, 2.8)):
        for quarter in range(4):
            with ink.placed(degrees=90 * quarter + 8):
                path = skia.Path()
                path.moveTo(1.9, -7.8)
                path.quadTo(1.9, -1.9, 7.8, -1.9)
                ink.line(path, colour, width)


def _bubble(ink: Ink) -> None:
    ball = oval(9.0, 4.0, 9.0, 9.0)
    ink.blend(ball, (4, -4), (14, 13), [(226, 244, 255), (150, 200, 248)], 0.8)
    ink.line(ball, (84, 136, 206), 0.9)
    ink.fill(oval(5.6, 0.4, 1.8, 2.6), WHITE)


def _glee(ink: Ink) -> None:
    """Twinkle: two yellow stars of four points."""
    for x, y, size in ((0.0, 0.0, 8.4), (7.0, 9.0, 4.6)):
        twinkle = star(x, y, size, points=4, waist=0.34)
        ink.line(twinkle, WHITE, 2.0)
        ink.fill(twinkle, _GLEE)
        ink.line(twinkle, (206, 120, 20), 0.7)


def _start(ink: Ink) -> None:
    """Give a start: three strokes that fly off the head."""
    for degrees in (-4.0, 32.0, 68.0):
        with ink.placed(degrees=degrees):
            stroke = taper((0, -3.5), (0, -10), (0, -14.5), 2.2)
            ink.line(stroke, WHITE, 2.6)
            ink.fill(stroke, (255, 206, 46))
            ink.line(stroke, (120, 60, 40), 0.8)


def _glint(ink: Ink) -> None:
    """Flash: a violet star, long and thin."""
    flash = star(0, 0, 9.0, points=4, waist=0.16)
    ink.line(flash, WHITE, 2.4)
    ink.fill(flash, (196, 96, 236))
    ink.line(flash, (108, 36, 150), 0.7)


def _flame(ink: Ink) -> None:
    """Burn: the fire of someone who will not give up."""
    outer = smooth([(0, 8), (-6.4, 4), (-6, -3), (-2.4, -5.6), (-1.6, -13), (3.4, -7), (4.4, -2.6), (6.4, 3)])
    inner = smooth([(0, 7), (-3.2, 4), (-2.2, 0), (0.4, -4), (2.6, 0.6), (3.2, 4)])
    ink.line(outer, WHITE, 2.4)
    ink.fill(outer, (244, 84, 34))
    ink.line(outer, (168, 32, 30), 0.8)
    ink.fill(inner, (255, 208, 70))


def _note(ink: Ink) -> None:
    """Hum: two quavers under one beam."""
    note = corners([(-4.2, 5.6), (-4.2, -6.4), (5.4, -8.4), (5.4, 3.4)], closed=False)
    beam = corners([(-4.2, -6.4), (5.4, -8.4), (5.4, -5.2), (-4.2, -3.2)])
    heads = [oval(-6.2, 5.8, 3.0, 2.3), oval(3.4, 3.6, 3.0, 2.3)]
    for colour, width in ((WHITE, 3.6), (_EASE, 1.5)):
        for path in (note, beam, *heads):
            ink.line(path, colour, width)
    for path in (beam, *heads):
        ink.fill(path, _EASE)
