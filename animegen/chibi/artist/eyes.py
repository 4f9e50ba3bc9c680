"""Eyes and brows: lids that open and shut without a jump, iris, pupil, highlights, lashes."""

import skia

from animegen.chibi.artist.expression import Face
from animegen.chibi.artist.ink import Ink, Point, oval, taper
from animegen.chibi.artist.palette import INK, WHITE, Colour, Skin, Tone, mix
from animegen.chibi.artist.pose import Pose

EYE_Y = 6.6
_HALF = 10.0
_SHUT_Y = 5.2
_BROW_Y = -8.2
_GAZE = {"viewer": (0.0, 0.0), "left": (-3.9, 0.0), "right": (3.9, 0.0), "up": (0.0, -3.8), "down": (0.0, 4.6)}
_GAZE_LID = {"up": 0.05, "down": -0.1}
_WHITE_OF_EYE: Colour = (255, 252, 250)
_EYE_SHADE: Colour = (190, 178, 214)
_LASH: Colour = (46, 24, 40)
_DEEP: Colour = (28, 10, 50)


def eyes(ink: Ink, pose: Pose, face: Face, iris: Tone, skin: Skin, gaze: str, boy: bool) -> None:
    """Draw both eyes; ``gaze`` moves irises and lids, a boy's eyes are lower and have plainer lashes."""
    for side in (-1, 1):
        lid = face.lid + _GAZE_LID.get(gaze, 0.0) * min(1.0, max(0.0, face.lid))
        with ink.placed(
            pose.eye_x(side), EYE_Y, across=pose.width(side) * (0.96 if boy else 1.0), down=0.82 if boy else 1.0
        ):
            _Eye(face, side, lid, pose.slant, boy).draw(ink, iris, skin, _GAZE[gaze])


class _Eye:
    """One eye: from how far it is open follow the heights of its corners, of upper and lower lid."""

    def __init__(self, face: Face, side: int, lid: float, slant: float, boy: bool) -> None:
        lid = max(0.0, lid)
        self.face, self.side, self.boy = face, side, boy
        self.open = min(1.0, lid * 1.6)
        self.outer = _SHUT_Y + (1 - lid) * 0.5 - lid * 4.6 - slant * self.open
        self.inner = self.outer + (1.5 + slant) * self.open
        self.tilt = face.lid_slant * self.open
        shut = _SHUT_Y + 4.4 - 11.5 * face.arc * (1 - self.open)
        self.top = shut - lid * 19.6
        self.bottom = shut + self.open * (0.9 - 5.6 * face.lower_lid)

    def draw(self, ink: Ink, iris: Tone, skin: Skin, gaze: Point) -> None:
        if self.open > 0:
            self._ball(ink, iris, gaze)
        self._lines(ink, skin)

    def _ball(self, ink: Ink, iris: Tone, gaze: Point) -> None:
        """Draw what lies between the lids."""
        opening = self._opening()
        ink.fill(opening, _WHITE_OF_EYE)
        with ink.inside(opening):
            with ink.placed(gaze[0], gaze[1] + 0.3, across=self.face.iris, down=self.face.iris):
                _iris(ink, self.face, iris)
            with ink.placed(0, 1.4):
                ink.line(self._lid(0.0), mix(_EYE_SHADE, _DEEP, 0.45), 3.2, 0.34)
            with ink.placed(gaze[0], gaze[1] + 0.3, across=self.face.iris, down=self.face.iris):
                _highlights(ink)

    def _opening(self) -> skia.Path:
        path = self._lid(0.0)
        reach = self.outer + (self.bottom - self.outer) * 1.3
        path.cubicTo(-self.side * _HALF * 0.8, reach, self.side * _HALF * 0.72, reach, self.side * _HALF, self.outer)
        path.close()
        return path

    def _lid(self, lift: float) -> skia.Path:
        """Return the upper lid's line from the outer to the inner corner, its middle lifted."""
        reach = self._reach() - lift
        path = skia.Path()
        path.moveTo(self.side * _HALF, self.outer)
        path.cubicTo(
            *(self.side * _HALF * 0.8, reach - self.tilt * 0.5),
            *(-self.side * _HALF * 0.55, reach + self.tilt),
            *(-self.side * _HALF * 0.9, self.inner),
        )
        return path

    def _reach(self) -> float:
        """Return the height to which the upper lid's curve is drawn, above its middle."""
        return self.outer + (self.top - self.outer) * 1.34

    def _lines(self, ink: Ink, skin: Skin) -> None:
        side, reach = self.side, self._reach()
        thick = (2.4 if self.boy else 2.9) * (1.0 + 0.14 * (1 - self.open))
        flick = 1.1 if self.boy else 2.5
        wing = (side * (_HALF + flick), self.outer + 0.9 - (1.9 if self.boy else 3.3) * self.open)
        lash = self._lid(0.0)
        lash.cubicTo(
            *(-side * _HALF * 0.6, reach + self.tilt - thick * 0.55),
            *(side * _HALF * 0.86, reach - self.tilt * 0.5 - thick * 1.5),
            *wing,
        )
        lash.quadTo(side * (_HALF + 0.5), self.outer + 0.4, side * _HALF, self.outer + 0.9)
        lash.close()
        warm = mix(_LASH, skin.lips, 0.35)
        ink.blend(lash, (-side * _HALF, 0), (side * (_HALF + 2), 0), [warm, _LASH, _LASH, mix(_LASH, warm, 0.5)])
        ink.line(lash, _LASH, 0.5)
        if not self.boy:
            low = (side * (_HALF + 1.7), self.outer + 1.6)
            root = (side * (_HALF - 1.0), self.outer)
            ink.fill(taper(root, (side * (_HALF + 0.6), self.outer + 1.6), low, 0.9), _LASH, self.open)
        self._crease(ink, skin, reach - thick * 1.5)
        self._lower(ink, mix(_LASH, skin.line, 0.45))

    def _crease(self, ink: Ink, skin: Skin, reach: float) -> None:
        """Draw the fold above the lashes."""
        side, y = self.side, self.outer + (reach - self.outer) * 0.75 - 1.5
        bend = (side * 1.5, y - 1.8)
        ink.fill(taper((side * 7.4, y + 1.9), bend, (-side * 4.6, y + 0.5), 0.6), skin.line, 0.8 * self.open)

    def _lower(self, ink: Ink, line: Colour) -> None:
        side, y = self.side, self.bottom - 0.1
        ink.fill(
            taper((side * 7.0, y - 1.8), (side * 2.6, y + 1.2), (-side * 3.6, y - 0.1), 0.7), line, 0.9 * self.open
        )


def _iris(ink: Ink, face: Face, iris: Tone) -> None:
    ball = oval(0, 0, 7.6, 9.6)
    dark = mix(iris.base, _DEEP, 0.5)
    ink.blend(ball, (0, -9), (0, 9), [dark, iris.base, iris.base, mix(iris.base, iris.light, 0.75)])
    with ink.inside(ball):
        ink.fill(oval(0, 8.0, 5.8, 5.0), iris.light, 0.85)
        ink.fill(oval(0, 5.2, 5.0, 4.2), iris.base, 0.7)
        ink.fill(oval(0, -9.8, 8.8, 5.6), mix(iris.base, _DEEP, 0.72), 0.5)
    ink.line(ball, mix(iris.base, _DEEP, 0.62), 1.0)
    ink.fill(oval(0, -0.2, 2.6 * face.pupil, 4.0 * face.pupil), mix(iris.base, _DEEP, 0.84))


def _highlights(ink: Ink) -> None:
    with ink.placed(-2.7, -4.0, degrees=-18):
        ink.fill(oval(0, 0, 2.3, 3.1), WHITE)
    ink.fill(oval(3.3, 4.4, 1.4, 1.6), WHITE, 0.92)


def brows(ink: Ink, pose: Pose, face: Face, hair: Tone, boy: bool) -> None:
    """Draw the brows, over the bangs, so that they are always seen."""
    dark = mix(hair.line, INK, 0.3)
    for side in (-1, 1):
        lift = face.brow_raise + side * face.brow_uneven / 2 - (1.6 if boy else 0.0)
        with ink.placed(pose.eye_x(side), _BROW_Y - lift, across=pose.width(side)):
            inner = (-side * 6.4, face.brow_slant * 0.66)
            outer = (side * 7.4, 1.4 - face.brow_slant * 0.4)
            bend = (side * 1.6, (inner[1] + outer[1]) / 2 - 2.6)
            _brow(ink, inner, bend, outer, (1.9 if boy else 1.0) + face.brow_weight * 0.45, dark)


def _brow(ink: Ink, inner: Point, bend: Point, outer: Point, weight: float, dark: Colour) -> None:
    """Draw one brow: full at its inner end, thin at the outer."""
    path = skia.Path()
    path.moveTo(inner[0], inner[1] - weight * 0.7)
    path.quadTo(bend[0], bend[1] - weight, *outer)
    path.quadTo(bend[0], bend[1] + weight, inner[0], inner[1] + weight * 0.7)
    path.close()
    ink.fill(path, dark)
    ink.line(path, dark, 0.7)
