"""What a feeling adds to a face, each growing from nothing: blush, tears, sweat, pallor and flush."""

import skia

from animegen.chibi.artist.expression import Face
from animegen.chibi.artist.ink import Ink, box, corners, drop, oval, taper
from animegen.chibi.artist.palette import WHITE, Colour, Skin, mix
from animegen.chibi.artist.pose import Pose

_WATER: Colour = (134, 206, 255)
_WATER_LINE: Colour = (44, 104, 196)
_GLOOM: Colour = (66, 80, 176)
_FURY: Colour = (214, 24, 36)
_SICK: Colour = (96, 140, 62)


def tint(ink: Ink, shape: skia.Path, face: Face, skin: Skin) -> None:
    """Shade the upper face blue in dread, red in fury and green in disgust, and redden all of its middle in shame."""
    with ink.inside(shape):
        if face.gloom > 0:
            ink.veil(box(-34, -30, 34, 36), (0, -10), (0, 34), _GLOOM, 0.8 * face.gloom)
        if face.fury > 0:
            ink.veil(box(-34, -30, 34, 32), (0, -14), (0, 26), _FURY, 0.62 * face.fury)
        if face.sick > 0:
            ink.veil(box(-34, -30, 34, 40), (0, -6), (0, 38), _SICK, 0.66 * face.sick)
        if face.flush > 0:
            with ink.placed(0, 15, down=0.62):
                ink.glow((0, 0), 38, skin.blush, 0.62 * face.flush)


def gloom_lines(ink: Ink, pose: Pose, face: Face) -> None:
    """Draw the lines of dread that hang over the forehead, on top of the bangs."""
    if face.gloom > 0:
        for x, long in ((-10.5, 14.0), (-3.5, 19.0), (3.5, 19.0), (10.5, 14.0)):
            path = taper((x + pose.slide, -27), (x + pose.slide, -20), (x + pose.slide, -27 + long * face.gloom), 1.2)
            ink.fill(path, _GLOOM, 0.9 * face.gloom)
            ink.line(path, _GLOOM, 0.8, 0.9 * face.gloom)


def blush(ink: Ink, pose: Pose, face: Face, skin: Skin, boy: bool) -> None:
    """Redden the cheeks, a girl's always a little, and in embarrassment hatch them."""
    for side in (-1, 1):
        x = pose.eye_x(side) + side * 4.0
        with ink.placed(x, 19.0, across=pose.width(side), down=0.6):
            ink.glow((0, 0), 8.6, skin.blush, (0.1 if boy else 0.26) + 0.6 * face.blush)
        if face.blush_lines > 0:
            for step in (-3.6, 0.0, 3.6):
                top, low = (x + step + 0.9, 16.8), (x + step - 0.9, 16.8 + 4.4 * face.blush_lines)
                ink.line(corners([top, low], closed=False), mix(skin.blush, (190, 20, 60), 0.6), 1.3, face.blush_lines)


def streams(ink: Ink, shape: skia.Path, pose: Pose, face: Face) -> None:
    """Let tears stream from both eyes down to the edge of the face."""
    if face.streams > 0:
        wide = 3.4 * min(1.0, 1.6 * face.streams)
        with ink.inside(shape):
            for side in (-1, 1):
                x = pose.eye_x(side) + side * 1.5
                stream = box(x - wide, 11.0, x + wide, 12.0 + 26.0 * face.streams, wide)
                ink.fill(stream, _WATER, 0.95)
                ink.line(stream, _WATER_LINE, 0.9, face.streams)
                shine = corners([(x - wide * 0.3, 15.0), (x - wide * 0.3, 12.0 + 13.0 * face.streams)], closed=False)
                ink.line(shine, WHITE, 1.6 * face.streams, face.streams)


def tear(ink: Ink, pose: Pose, face: Face) -> None:
    """Hang one tear below one eye, or at a laugher's lashes."""
    if face.tear > 0:
        _water(ink, pose.eye_x(1) + 6.6 + 3.4 * face.arc, 12.5 - 4.5 * face.arc, 12.0 * face.tear)


def sweat(ink: Ink, pose: Pose, face: Face) -> None:
    """Let a drop of sweat run down at the temple, before the hair."""
    if face.sweat > 0:
        _water(ink, 28.0 + pose.slide * 0.5, -14.0, 20.0 * face.sweat)


def _water(ink: Ink, x: float, y: float, size: float) -> None:
    path = drop(x, y, size)
    ink.fill(path, _WATER, 0.95)
    ink.line(path, _WATER_LINE, min(1.0, size * 0.2))
    ink.fill(oval(x - size * 0.12, y + size * 0.68, size * 0.1, size * 0.14), WHITE)
