"""Eyes and brows: lids that open and shut without a jump, iris, pupil, highlights, lashes."""

import skia

from animegen.chibi.artist.expression import Face
from animegen.chibi.artist.ink import Ink, oval, star, taper
from animegen.chibi.artist.palette import INK, WHITE, Colour, Tone, mix
from animegen.chibi.artist.pose import Pose

EYE_Y = 6.5
_HALF = 8.2
_SHUT_Y = 4.5
_BROW_Y = -6.5
_GAZE = {"viewer": (0.0, 0.0), "left": (-3.6, 0.0), "right": (3.6, 0.0), "up": (0.0, -3.4), "down": (0.0, 4.8)}
_WHITE_OF_EYE: Colour = (255, 252, 250)
_LASH: Colour = (48, 26, 38)


def eyes(ink: Ink, pose: Pose, face: Face, iris: Tone, gaze: str, boy: bool) -> None:
    """Draw both eyes; ``gaze`` moves the irises, a boy's eyes are lower and have plainer lashes."""
    for side in (-1, 1):
        with ink.placed(pose.eye_x(side), EYE_Y, across=pose.width(side), down=0.9 if boy else 1.0):
            _eye(ink, face, iris, _GAZE[gaze], side, boy)


def _eye(ink: Ink, face: Face, iris: Tone, gaze: tuple[float, float], side: int, boy: bool) -> None:
    lid = max(0.0, face.lid)
    top = _SHUT_Y + 3.0 - lid * 15.6
    bottom = _SHUT_Y + 3.0 + min(1.0, lid * 2.2) * (2.6 - 5.6 * face.lower_lid)
    corner = _SHUT_Y + (1 - lid) * 0.5 - lid * 5.0
    opening = _opening(side, corner, top, bottom)
    ink.fill(opening, _WHITE_OF_EYE)
    with ink.inside(opening):
        _iris(ink, face, iris, gaze)
        with ink.placed(0, 1.6):
            ink.line(_lid(side, corner, top), mix(iris.shade, INK, 0.5), 2.4, 0.32)
    _lashes(ink, side, corner, top, bottom, boy)


def _opening(side: int, corner: float, top: float, bottom: float) -> skia.Path:
    path = _lid(side, corner, top)
    reach = corner + (bottom - corner) * 1.34
    path.cubicTo(-side * _HALF * 0.95, reach, side * _HALF * 0.85, reach, side * _HALF, corner)
    path.close()
    return path


def _lid(side: int, corner: float, top: float) -> skia.Path:
    """Return the upper lid from the outer to the inner corner; ``top`` is its highest (shut: lowest) point."""
    reach = corner + (top - corner) * 1.34
    path = skia.Path()
    path.moveTo(side * _HALF, corner)
    path.cubicTo(side * _HALF * 0.75, reach, -side * _HALF * 0.6, reach, -side * _HALF * 0.88, corner + 1.0)
    return path


def _iris(ink: Ink, face: Face, iris: Tone, gaze: tuple[float, float]) -> None:
    x, y = gaze
    with ink.placed(x, y + 0.4, across=face.iris, down=face.iris):
        dark = mix(iris.base, (30, 12, 50), 0.45)
        ball = oval(0, 0, 6.5, 8.8)
        ink.blend(ball, (0, -8), (0, 8), [dark, iris.base, iris.base, iris.light])
        ink.line(ball, mix(iris.base, (30, 12, 50), 0.62), 1.5)
        with ink.inside(ball):
            ink.fill(oval(0, 5.6, 3.6, 2.2), iris.light, 0.85)
        ink.fill(oval(0, -0.4, 2.4 * face.pupil, 3.6 * face.pupil), mix(iris.base, (20, 8, 30), 0.85))
        _highlights(ink, face)


def _highlights(ink: Ink, face: Face) -> None:
    ink.fill(oval(-2.4, -3.6, 2.3, 2.6), WHITE, 1 - face.spark)
    ink.fill(oval(2.7, 3.4, 1.4, 1.5), WHITE, 0.95)
    if face.spark > 0:
        ink.fill(star(-1.8, -2.8, 2.4 + 3.2 * face.spark, points=4, waist=0.4), WHITE, 4 * face.spark)


def _lashes(ink: Ink, side: int, corner: float, top: float, bottom: float, boy: bool) -> None:
    line = _lid(side, corner, top)
    ink.line(line, _LASH, 1.7 if boy else 2.2)
    with ink.placed(0, -0.7):
        ink.line(line, _LASH, 1.5)
    flick = (side * (_HALF + 2.3), corner - 1.8 if boy else corner - 2.8)
    ink.fill(taper((side * (_HALF - 2.6), corner - 1.2), (side * (_HALF + 0.4), corner), flick, 1.5), _LASH)
    if not boy:
        low = (side * (_HALF + 2.6), corner + 0.6)
        ink.fill(taper((side * (_HALF - 1.6), corner - 0.4), (side * _HALF, corner + 1.0), low, 1.2), _LASH)
    ink.line(_lower(side, bottom - 0.2, 3.8), _LASH, 1.2, 0.8)


def _lower(side: int, y: float, width: float) -> skia.Path:
    path = skia.Path()
    path.moveTo(side * (width + 1.2), y - 0.4)
    path.quadTo(side * 1.0, y + 0.9, -side * width, y)
    return path


def brows(ink: Ink, pose: Pose, face: Face, hair: Tone, boy: bool) -> None:
    """Draw the brows, over the bangs, so that they are always seen."""
    dark = mix(hair.line, INK, 0.35)
    for side in (-1, 1):
        lift = face.brow_raise + side * face.brow_uneven / 2 - (1.0 if boy else 0.0)
        with ink.placed(pose.eye_x(side), _BROW_Y - lift, across=pose.width(side)):
            inner = (-side * 6.2, face.brow_slant * 0.62)
            outer = (side * 6.8, 1.2 - face.brow_slant * 0.38)
            bend = (side * 1.0, (inner[1] + outer[1]) / 2 - 3.0)
            ink.fill(taper(inner, bend, outer, (2.5 if boy else 1.7) + face.brow_weight), dark)
            ink.line(_brow(inner, bend, outer), dark, 2.1 if boy else 1.5)


def _brow(inner: tuple[float, float], bend: tuple[float, float], outer: tuple[float, float]) -> skia.Path:
    path = skia.Path()
    path.moveTo(*inner)
    path.quadTo(*bend, *outer)
    return path
