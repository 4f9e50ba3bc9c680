"""Paper and pen: a canvas of 128 units a side at any size, smooth paths, fills, and lines whose weight varies."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import skia
from PIL import Image

from animegen.chibi.artist.palette import WHITE, Colour, Tone

UNITS = 128
"""Every length of the drawing is in 128ths of the picture's side."""
Point = tuple[float, float]


class Ink:
    """A picture being drawn; alpha is always from 0 (not drawn) to 1."""

    def __init__(self, size: int) -> None:
        self._pixels = np.zeros((size, size, 4), dtype=np.uint8)
        self._surface = skia.Surface(self._pixels, colorType=skia.kRGBA_8888_ColorType)
        self.canvas = self._surface.getCanvas()
        self.canvas.scale(size / UNITS, size / UNITS)

    def image(self) -> Image.Image:
        """Return the picture as it is now, in RGB."""
        return Image.fromarray(np.ascontiguousarray(self._pixels[..., :3]))

    def fill(self, path: skia.Path, colour: Colour, alpha: float = 1.0) -> None:
        """Fill a path with a plain colour."""
        self.canvas.drawPath(path, _filling(colour, alpha))

    def blend(self, path: skia.Path, start: Point, end: Point, colours: Sequence[Colour], alpha: float = 1.0) -> None:
        """Fill a path with colours that run evenly from ``start`` to ``end``."""
        paint = _paint(WHITE, alpha)
        stops = [skia.Color(*colour) for colour in colours]
        paint.setShader(skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], stops))
        self.canvas.drawPath(path, paint)

    def backdrop(self, other: "Ink") -> None:
        """Lay another picture over the whole of this one: a smaller one comes out soft, as if out of focus."""
        size = self._pixels.shape[:2]
        self._pixels[..., :3] = np.asarray(other.image().resize(size, Image.Resampling.BILINEAR))
        self._pixels[..., 3] = 255

    def veil(self, path: skia.Path, start: Point, end: Point, colour: Colour, alpha: float) -> None:
        """Fill a path with a colour that begins with ``alpha`` at ``start`` and is gone at ``end``."""
        paint = _paint(colour, alpha)
        stops = [skia.Color(*colour, 255), skia.Color(*colour, 0)]
        paint.setShader(skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], stops))
        self.canvas.drawPath(path, paint)

    def glow(self, centre: Point, radius: float, colour: Colour, alpha: float) -> None:
        """Paint a soft round spot that fades to nothing at ``radius``."""
        paint = _paint(colour, alpha)
        stops = [skia.Color(*colour, 255), skia.Color(*colour, 150), skia.Color(*colour, 0)]
        paint.setShader(skia.GradientShader.MakeRadial(skia.Point(*centre), radius, stops))
        self.canvas.drawCircle(*centre, radius, paint)

    def line(self, path: skia.Path, colour: Colour, width: float, alpha: float = 1.0) -> None:
        """Draw a line of even width with round ends along a path."""
        self.canvas.drawPath(path, _stroke(colour, width, alpha))

    def outline(self, path: skia.Path, colour: Colour, width: float = 1.0) -> None:
        """Draw the outline of a shape, heavier below and to the right, away from the light."""
        self.line(path, colour, width)
        self.canvas.save()
        self.canvas.translate(0.3, 0.4)
        self.line(path, colour, width * 0.75)
        self.canvas.restore()

    def rim(self, path: skia.Path, colour: Colour, width: float = 1.3, alpha: float = 0.42) -> None:
        """Let light from behind catch the right edge of a shape."""
        away = skia.Path(path)
        away.offset(-width, width * 0.35)
        self.fill(skia.Op(path, away, skia.PathOp.kDifference_PathOp), colour, alpha)

    def shape(self, path: skia.Path, tone: Tone, shadow: skia.Path | None = None, width: float = 1.0) -> None:
        """Draw a shape in two tones: base, the part of it that lies in ``shadow``, and an even outline."""
        self.fill(path, tone.base)
        if shadow is not None:
            with self.inside(path):
                self.fill(shadow, tone.shade)
        self.line(path, tone.line, width * 1.2)

    @contextmanager
    def inside(self, path: skia.Path) -> Iterator[None]:
        """Let only the inside of a path be drawn on."""
        self.canvas.save()
        self.canvas.clipPath(path, doAntiAlias=True)
        yield
        self.canvas.restore()

    @contextmanager
    def placed(
        self, x: float = 0.0, y: float = 0.0, degrees: float = 0.0, across: float = 1.0, down: float = 1.0
    ) -> Iterator[None]:
        """Draw relative to a point, turned clockwise and scaled."""
        self.canvas.save()
        self.canvas.translate(x, y)
        self.canvas.rotate(degrees)
        self.canvas.scale(across, down)
        yield
        self.canvas.restore()


def _paint(colour: Colour, alpha: float) -> skia.Paint:
    return skia.Paint(Color=skia.Color(*colour, round(255 * min(1.0, max(0.0, alpha)))), AntiAlias=True)


# The same few hundred paints are wanted again and again; what is remembered is never changed.
@lru_cache(maxsize=4_096)
def _filling(colour: Colour, alpha: float) -> skia.Paint:
    return _paint(colour, alpha)


@lru_cache(maxsize=4_096)
def _stroke(colour: Colour, width: float, alpha: float) -> skia.Paint:
    paint = _paint(colour, alpha)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


def smooth(points: Sequence[Point], closed: bool = True) -> skia.Path:
    """Return a soft curve through the points (Catmull-Rom as cubic Béziers)."""
    count = len(points)
    path = skia.Path()
    path.moveTo(*points[0])
    for i in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        path.cubicTo(
            b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6, c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6, *c
        )
    if closed:
        path.close()
    return path


def corners(points: Sequence[Point], bow: float = 0.0, closed: bool = True) -> skia.Path:
    """Return a path with corners whose sides bulge to the left of their direction by ``bow`` of their length."""
    path = skia.Path()
    path.moveTo(*points[0])
    ends = [*points[1:], points[0]] if closed else points[1:]
    for (ax, ay), (bx, by) in zip(points, ends, strict=False):
        path.quadTo((ax + bx) / 2 + (by - ay) * bow, (ay + by) / 2 - (bx - ax) * bow, bx, by)
    if closed:
        path.close()
    return path


def scallops(points: Sequence[Point], depth: float, closed: bool = True) -> skia.Path:
    """Return a cloudy path: a round bump of ``depth`` times its length between each point and the next."""
    path = skia.Path()
    path.moveTo(*points[0])
    ends = [*points[1:], points[0]] if closed else points[1:]
    for (ax, ay), (bx, by) in zip(points, ends, strict=False):
        nx, ny = (by - ay) * depth, -(bx - ax) * depth
        path.cubicTo(ax + nx, ay + ny, bx + nx, by + ny, bx, by)
    if closed:
        path.close()
    return path


def oval(x: float, y: float, rx: float, ry: float) -> skia.Path:
    """Return an ellipse around a point."""
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path


def box(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> skia.Path:
    """Return a rectangle, its corners rounded by ``radius``."""
    path = skia.Path()
    path.addRoundRect(skia.Rect.MakeLTRB(left, top, right, bottom), radius, radius)
    return path


def taper(start: Point, bend: Point, end: Point, weight: float) -> skia.Path:
    """Return a brush stroke from ``start`` past ``bend`` to ``end``: thin at its ends, ``weight`` thick between."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length * weight, dx / length * weight
    path = skia.Path()
    path.moveTo(*start)
    path.quadTo(bend[0] + nx, bend[1] + ny, *end)
    path.quadTo(bend[0] - nx, bend[1] - ny, *start)
    path.close()
    return path


def star(x: float, y: float, radius: float, points: int = 5, waist: float = 0.45) -> skia.Path:
    """Return a star; ``waist`` is the inner radius as a part of the outer."""
    angles = [math.pi * k / points - math.pi / 2 for k in range(2 * points)]
    reach = [radius if k % 2 == 0 else radius * waist for k in range(2 * points)]
    return corners([(x + r * math.cos(a), y + r * math.sin(a)) for a, r in zip(angles, reach, strict=True)])


def drop(x: float, y: float, size: float) -> skia.Path:
    """Return a drop of water hanging from a point, ``size`` high."""
    path = skia.Path()
    path.moveTo(x, y)
    path.cubicTo(x + size * 0.15, y + size * 0.4, x + size * 0.42, y + size * 0.5, x + size * 0.38, y + size * 0.72)
    path.cubicTo(x + size * 0.34, y + size, x - size * 0.34, y + size, x - size * 0.38, y + size * 0.72)
    path.cubicTo(x - size * 0.42, y + size * 0.5, x - size * 0.15, y + size * 0.4, x, y)
    path.close()
    return path


def mirrored(path: skia.Path) -> skia.Path:
    """Return a path seen in a mirror that stands at x = 0."""
    found = skia.Path(path)
    found.transform(skia.Matrix.Scale(-1, 1))
    return found
