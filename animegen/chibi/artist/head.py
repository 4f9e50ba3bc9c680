"""The head under the hair: ears, the face's shape with its shadows, nose and mouth."""

import math
from collections.abc import Iterable

import skia

from animegen.chibi.artist.expression import Face
from animegen.chibi.artist.ink import Ink, Point, box, corners, oval, smooth, taper
from animegen.chibi.artist.palette import INK, WHITE, Colour, Skin, mix
from animegen.chibi.artist.pose import Pose

_MOUTH: Colour = (142, 36, 52)
_TONGUE: Colour = (248, 124, 130)
_MOUTH_Y = 23.6
_STEPS = 16


def outline(pose: Pose, boy: bool) -> skia.Path:
    """Return the shape of the face: round cheeks, a small chin; a boy's jaw is longer and squarer."""
    jaw, chin = (16.6, 35.0) if boy else (14.4, 33.6)
    path = skia.Path()
    path.moveTo(-27.0, -14.0)
    _cheek(path, pose, jaw, chin)
    path.lineTo(27.0, -14.0)
    path.cubicTo(24, -40, -24, -40, -27.0, -14.0)
    path.close()
    return path


def _cheek(path: skia.Path, pose: Pose, jaw: float, chin: float) -> None:
    """Add the face's edge from the left temple past the chin to the right one; a turn flattens the far cheek."""
    lean = pose.turn * 3.2
    left = _edge(-1, max(0.0, -pose.turn), lean, jaw, chin)
    right = _edge(1, max(0.0, pose.turn), lean, jaw, chin)
    for k in range(0, 9, 3):
        path.cubicTo(*left[k], *left[k + 1], *left[k + 2])
    back = [*right[-2::-1], (27.0, -14.0)]
    for k in range(0, 9, 3):
        path.cubicTo(*back[k], *back[k + 1], *back[k + 2])


def _edge(way: int, far: float, lean: float, jaw: float, chin: float) -> list[Point]:
    """Return the three curves from a temple over cheek and jaw to the chin, without their first point."""
    narrow, low = 1.9 * far, chin - 5.2
    return [
        (way * 27.6, -4.0),
        (way * (28.6 - narrow) + lean * 0.1, 9.5),
        (way * (25.8 - narrow) + lean * 0.25, 16.4),
        (way * (23.6 - narrow) + lean * 0.4, 21.6),
        (way * (jaw + 4.8 - narrow) + lean * 0.6, low - 2.6),
        (way * (jaw - narrow) + lean * 0.8, low),
        (way * (jaw - 5.2 - narrow) + lean, low + 3.6),
        (way * 4.6 + lean, chin),
        (lean, chin),
    ]


def ears(ink: Ink, pose: Pose, skin: Skin) -> None:
    """Draw both ears, which the hair may cover; a turn hides the far one."""
    for side in (-1, 1):
        x = side * 27.6 - pose.turn * 2.2
        with ink.placed(x, 8.5, degrees=side * 10):
            ink.shape(oval(0, 0, 4.3, 6.8), skin, oval(side * 0.6, 1.0, 2.2, 4.2), 0.9)


def face(ink: Ink, shape: skia.Path, pose: Pose, skin: Skin, fringe: Iterable[skia.Path]) -> None:
    """Draw the face in light from the upper left, with the shadow that the hair before it (``fringe``) throws."""
    ink.fill(shape, skin.base)
    with ink.inside(shape):
        ink.blend(shape, (0, 18), (0, 35), [skin.base, mix(skin.base, skin.shade, 0.5)], 0.9)
        side = [(24.5, -10), (25.6, 8), (21, 20), (8, 32.5), (20, 40), (40, 20), (40, -10)]
        ink.fill(smooth([(x + pose.turn * 2, y) for x, y in side]), skin.shade, 0.7)
        with ink.placed(1.0, 3.6):
            for part in fringe:
                ink.fill(part, skin.shade)
    ink.outline(shape, skin.line, 0.9)


def nose(ink: Ink, pose: Pose, skin: Skin) -> None:
    """Draw the nose: a touch of shade with a point of light beside it."""
    x = pose.slide * 1.25
    ink.fill(taper((x + 0.1, 14.6), (x + 1.6, 16.0), (x - 0.4, 18.0), 0.9), mix(skin.shade, skin.line, 0.55))
    ink.fill(oval(x - 1.0, 15.2, 0.7, 0.9), skin.light, 0.9)


def mouth(ink: Ink, pose: Pose, face: Face, skin: Skin) -> None:
    """Draw the mouth: a line that opens; at opening 0 upper and lower lip are the same line."""
    lift = 0.26 * face.mouth_open * (1 - face.mouth_round)
    with ink.placed(pose.slide * 1.1, _MOUTH_Y - lift, across=1 - 0.08 * abs(pose.turn)):
        path, middle = _lips(face)
        low = middle + face.mouth_open + 2.6
        ink.fill(taper((-2.6, low), (0, low + 0.9), (2.6, low), 0.7), skin.shade)
        ink.fill(path, mix(_MOUTH, skin.lips, 0.4))
        with ink.inside(path):
            ink.fill(oval(0, middle + face.mouth_open * 0.86, face.mouth_width * 0.36, face.mouth_open * 0.42), _TONGUE)
            _upper_teeth(ink, face, middle)
            _teeth(ink, path, face, middle)
        line = mix(skin.lips, INK, 0.6)
        ink.line(path, line, 1.3 + face.mouth_weight)
        _tongue(ink, face, low - 2.6, line)


def _lips(face: Face) -> tuple[skia.Path, float]:
    half = face.mouth_width / 2
    along = [2 * k / _STEPS - 1 for k in range(_STEPS + 1)]
    upper: list[Point] = []
    lower: list[Point] = []
    for t in along:
        bulge = face.mouth_open * math.sqrt(max(0.0, 1 - abs(t) ** 2.4))
        line = face.mouth_curve * (0.5 - t * t) * 1.3 - face.mouth_skew * t * abs(t)
        line += face.mouth_wave * math.sin(t * 2.5 * math.pi) + face.mouth_cat * (abs(math.sin(t * math.pi)) - 0.5)
        upper.append((t * half, line - bulge * face.mouth_round))
        lower.append((t * half * (1 - 0.12 * min(1.0, face.mouth_open / 9)), line + bulge * (1 - face.mouth_round)))
    return smooth([*upper, *lower[-2:0:-1]]), upper[_STEPS // 2][1]


def _tongue(ink: Ink, face: Face, low: float, line: Colour) -> None:
    """Put the tongue out over the lower lip."""
    if face.tongue > 0:
        long, wide = 8.8 * face.tongue, 4.8 * min(1.0, 2 * face.tongue)
        shape = box(-wide, low - 2.4, wide, low - 2.4 + long, min(wide, long / 2))
        ink.fill(shape, _TONGUE)
        ink.line(shape, line, 1.0, min(1.0, 3 * face.tongue))
        ink.line(corners([(0, low - 2.2), (0, low - 2.4 + long * 0.6)], closed=False), line, 0.8, face.tongue)


def _upper_teeth(ink: Ink, face: Face, middle: float) -> None:
    """Draw the white edge of the upper teeth, which an open smile shows."""
    if face.smile_teeth > 0:
        ink.fill(oval(0, middle - 0.2, face.mouth_width * 0.4, 2.6), WHITE, face.smile_teeth)


def _teeth(ink: Ink, path: skia.Path, face: Face, middle: float) -> None:
    """Draw teeth that are set upon each other."""
    if face.teeth == 0:
        return
    ink.fill(path, WHITE, face.teeth)
    y = middle + face.mouth_open / 2
    half = face.mouth_width / 2
    ink.line(corners([(-half, y + 0.8), (half, y + 0.8)], bow=0.06, closed=False), INK, 1.0, face.teeth)
    for x in (-half / 2, 0.0, half / 2):
        between = corners([(x, middle - 2), (x, middle + face.mouth_open + 2)], closed=False)
        ink.line(between, INK, 0.9, face.teeth * 0.7)
