"""The head under the hair: ears, the face's shape with the shadow of the bangs, the neck, nose and mouth."""

import math

import skia

from animegen.chibi.artist.expression import Face
from animegen.chibi.artist.ink import Ink, Point, corners, oval, smooth, taper
from animegen.chibi.artist.palette import INK, WHITE, Colour, Tone
from animegen.chibi.artist.pose import Pose

_MOUTH: Colour = (150, 40, 52)
_TONGUE: Colour = (245, 122, 128)
_MOUTH_Y = 23.0
_STEPS = 16


def outline(pose: Pose, boy: bool) -> skia.Path:
    """Return the shape of the face; a boy's jaw is a little squarer."""
    jaw = 18.5 if boy else 16.0
    chin = 32.5 if boy else 32.0
    lean = pose.turn * 1.6
    left = [(-jaw + lean, 27.0), (-25.0 + lean, 15.0), (-28.0, -2.0), (-25.0, -22.0)]
    right = [(-x + 2 * lean * (y > 10), y) for x, y in reversed(left)]
    return smooth([(lean * 1.6, chin), *left, (0.0, -34.0), *right])


def ears(ink: Ink, skin: Tone) -> None:
    """Draw both ears, which the hair may cover."""
    for side in (-1, 1):
        ink.shape(oval(side * 28.0, 9.0, 4.5, 6.5), skin, oval(side * 28.5, 10.0, 2.2, 3.6))


def neck(ink: Ink, skin: Tone, boy: bool) -> None:
    """Draw the neck and the shoulders' skin, in the picture's coordinates with x from the middle."""
    half: list[Point] = [
        (-7, 84),
        (-7, 95),
        (-12, 100.5),
        (-25, 104.5),
        (-31, 112),
        (-32.5, 122),
        (-33, 140),
        (-20, 150),
    ]
    path = smooth([*half, *[(-x, y) for x, y in reversed(half)]])
    with ink.placed(across=1.1 if boy else 1.0):
        ink.shape(path, skin, oval(0, 90, 13, 9))


def face(ink: Ink, shape: skia.Path, skin: Tone, fringe: skia.Path) -> None:
    """Draw the face with the shadow that the hair before it (``fringe``) throws."""
    ink.fill(shape, skin.base)
    with ink.inside(shape), ink.placed(0.6, 3.4):
        ink.fill(fringe, skin.shade)
    ink.outline(shape, skin.line)


def nose(ink: Ink, pose: Pose, skin: Tone) -> None:
    """Draw the nose: a short stroke."""
    x = pose.slide * 1.15
    ink.fill(taper((x - 0.6, 15.4), (x + 1.4, 16.6), (x + 0.8, 18.4), 1.1), skin.line, 0.8)


def mouth(ink: Ink, pose: Pose, face: Face) -> None:
    """Draw the mouth: a line that opens; at opening 0 upper and lower lip are the same line."""
    with ink.placed(pose.slide * 1.05, _MOUTH_Y, across=1 - 0.08 * abs(pose.turn)):
        path, middle = _lips(face)
        ink.fill(path, _MOUTH)
        with ink.inside(path):
            ink.fill(oval(0, middle + face.mouth_open * 0.75, face.mouth_width * 0.36, face.mouth_open * 0.4), _TONGUE)
            _teeth(ink, path, face, middle)
        ink.line(path, INK, 1.5 + face.mouth_weight)


def _lips(face: Face) -> tuple[skia.Path, float]:
    half = face.mouth_width / 2
    along = [2 * k / _STEPS - 1 for k in range(_STEPS + 1)]
    upper: list[Point] = []
    lower: list[Point] = []
    for t in along:
        bulge = face.mouth_open * math.sqrt(max(0.0, 1 - abs(t) ** 2.6))
        line = face.mouth_curve * (0.5 - t * t) * 1.3 - face.mouth_skew * t * abs(t)
        line += face.mouth_wave * math.sin(t * 2.5 * math.pi) + face.mouth_cat * (abs(math.sin(t * math.pi)) - 0.5)
        upper.append((t * half, line - bulge * face.mouth_round))
        lower.append((t * half, line + bulge * (1 - face.mouth_round)))
    return smooth([*upper, *lower[-2:0:-1]]), upper[_STEPS // 2][1]


def _teeth(ink: Ink, path: skia.Path, face: Face, middle: float) -> None:
    if face.teeth == 0:
        return
    ink.fill(path, WHITE, face.teeth)
    y = middle + face.mouth_open / 2
    half = face.mouth_width / 2
    ink.line(corners([(-half, y + 0.8), (half, y + 0.8)], bow=0.06, closed=False), INK, 1.2, face.teeth)
    for x in (-half / 2, 0.0, half / 2):
        ink.line(
            corners([(x, middle - 2), (x, middle + face.mouth_open + 2)], closed=False), INK, 0.9, face.teeth * 0.7
        )
