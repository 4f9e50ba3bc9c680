"""What anime adds to a face, each growing from nothing: blush, tears, sweat, anger mark, gloom, bubble of sleep."""

import skia

from animegen.chibi.artist.expression import Face
from animegen.chibi.artist.ink import Ink, box, corners, drop, oval
from animegen.chibi.artist.palette import WHITE, Colour
from animegen.chibi.artist.pose import Pose

_BLUSH: Colour = (255, 84, 104)
_WATER: Colour = (126, 200, 255)
_WATER_LINE: Colour = (40, 96, 190)
_ANGER: Colour = (226, 28, 44)
_GLOOM: Colour = (66, 80, 176)


def gloom(ink: Ink, shape: skia.Path, face: Face) -> None:
    """Shade the upper face blue, below the eyes' drawing."""
    if face.gloom > 0:
        with ink.inside(shape):
            ink.blend(box(-34, -30, 34, 20), (0, -6), (0, 20), [_GLOOM, (150, 160, 225)], 0.62 * face.gloom)


def gloom_lines(ink: Ink, pose: Pose, face: Face) -> None:
    """Draw the lines of dread that hang over the forehead, on top of the bangs."""
    if face.gloom > 0:
        for x in (-9.0, -3.0, 3.0, 9.0):
            path = corners([(x + pose.slide, -26), (x + pose.slide, -26 + 17 * face.gloom)], closed=False)
            ink.line(path, _GLOOM, 1.8, 0.9 * face.gloom)


def blush(ink: Ink, pose: Pose, face: Face) -> None:
    """Redden the cheeks."""
    for side in (-1, 1):
        x = pose.eye_x(side) + side * 3.5
        with ink.placed(x, 18.5, across=1.0, down=0.62):
            ink.glow((0, 0), 9.0, _BLUSH, 0.16 + 0.62 * face.blush)
        if face.blush_lines > 0:
            for step in (-3.2, 0.0, 3.2):
                path = corners([(x + step + 0.9, 16.6), (x + step - 0.9, 16.6 + 4.4 * face.blush_lines)], closed=False)
                ink.line(path, (224, 40, 70), 1.3, face.blush_lines)


def tears(ink: Ink, pose: Pose, face: Face) -> None:
    """Let a tear grow under each eye."""
    if face.tears > 0:
        for side in (-1, 1):
            _water(ink, pose.eye_x(side) + side * 4.4, 13.5, 12.5 * face.tears)


def over_hair(ink: Ink, pose: Pose, face: Face) -> None:
    """Draw what floats before face and hair: sweat, the anger mark, the bubble of sleep."""
    if face.sweat > 0:
        _water(ink, 25.5 + pose.slide * 0.5, -12.0, 16.0 * face.sweat)
    if face.anger > 0:
        with ink.placed(-23 + pose.slide * 0.5, -24, across=face.anger, down=face.anger):
            _anger(ink)
    if face.bubble > 0:
        with ink.placed(pose.slide + 1.5, 18.0, across=face.bubble, down=face.bubble):
            _bubble(ink)


def _water(ink: Ink, x: float, y: float, size: float) -> None:
    path = drop(x, y, size)
    ink.fill(path, _WATER, 0.95)
    ink.line(path, _WATER_LINE, min(1.2, size * 0.2))
    ink.fill(oval(x - size * 0.12, y + size * 0.68, size * 0.1, size * 0.14), WHITE)


def _anger(ink: Ink) -> None:
    for colour, width in ((WHITE, 5.0), (_ANGER, 2.7)):
        for quarter in range(4):
            with ink.placed(degrees=90 * quarter):
                path = skia.Path()
                path.moveTo(1.8, -7.5)
                path.quadTo(1.8, -1.8, 7.5, -1.8)
                ink.line(path, colour, width)


def _bubble(ink: Ink) -> None:
    ink.fill(oval(9.0, 4.0, 9.0, 9.0), (190, 226, 255), 0.72)
    ink.line(oval(9.0, 4.0, 9.0, 9.0), (70, 120, 190), 1.3)
    ink.fill(oval(5.6, 0.2, 2.0, 2.6), WHITE)
