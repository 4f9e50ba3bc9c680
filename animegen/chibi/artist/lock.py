"""A lock of hair: the leaf-shaped stroke from which fringes, tails and spikes are built."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import skia

from animegen.chibi.artist.ink import Ink, Point
from animegen.chibi.artist.palette import Tone

_OPEN = 0.42
"""The part of each side, from the root, that has no line: there a lock grows out of the hair around it."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Two roots and a tip; ``bend`` bows the whole lock (above 0: to the right when it hangs), ``swell`` fattens it."""

    left: Point
    right: Point
    tip: Point
    bend: float = 0.0
    swell: float = 1.4

    def mirrored(self) -> "Lock":
        """Return the lock on the other side of x = 0."""
        flip = [(-x, y) for x, y in (self.right, self.left, self.tip)]
        return replace(self, left=flip[0], right=flip[1], tip=flip[2], bend=-self.bend)

    def moved(self, roots: float, tip: Point) -> "Lock":
        """Return the lock with its roots moved sideways and its tip anyhow."""
        (ax, ay), (bx, by), (x, y) = self.left, self.right, self.tip
        return replace(self, left=(ax + roots, ay), right=(bx + roots, by), tip=(x + tip[0], y + tip[1]))

    def bows(self) -> tuple[Point, Point]:
        """Return the points past which the left and the right side curve."""
        middle = _between(self.left, self.right, 0.5)
        dx, dy = self.tip[0] - middle[0], self.tip[1] - middle[1]
        length = (dx * dx + dy * dy) ** 0.5 or 1.0
        nx, ny = -dy / length, dx / length
        a, b = _between(self.left, self.tip, 0.55), _between(self.right, self.tip, 0.55)
        out, back = self.swell - self.bend, -self.swell - self.bend
        return (a[0] + nx * out, a[1] + ny * out), (b[0] + nx * back, b[1] + ny * back)

    def path(self) -> skia.Path:
        """Return the lock's shape."""
        a, b = self.bows()
        path = skia.Path()
        path.moveTo(*self.left)
        path.quadTo(*a, *self.tip)
        path.quadTo(*b, *self.right)
        path.close()
        return path

    def edge(self) -> skia.Path:
        """Return the line around the tip."""
        a, b = self.bows()
        path = skia.Path()
        path.moveTo(*_on(self.left, a, self.tip, _OPEN))
        path.quadTo(*_between(a, self.tip, _OPEN), *self.tip)
        path.quadTo(*_between(b, self.tip, _OPEN), *_on(self.right, b, self.tip, _OPEN))
        return path

    def sliver(self, start: float, end: float) -> skia.Path:
        """Return the part of the lock between two shares of its breadth (0: left side, 1: right)."""
        a, b = self.bows()
        path = skia.Path()
        path.moveTo(*_between(self.left, self.right, start))
        path.quadTo(*_between(a, b, start), *self.tip)
        path.quadTo(*_between(a, b, end), *_between(self.left, self.right, end))
        path.close()
        return path


def draw(ink: Ink, lock: Lock, tone: Tone, width: float = 0.8) -> None:
    """Draw a lock in two tones, its right side in shade."""
    ink.fill(lock.path(), tone.base)
    ink.fill(lock.sliver(0.6, 1.0), tone.shade, 0.75)
    ink.line(lock.edge(), tone.line, width)


def contour(ink: Ink, shapes: Iterable[skia.Path], tone: Tone, width: float = 2.0) -> None:
    """Draw the outline that shapes have together: what of it lies inside them is painted over later."""
    for shape in shapes:
        ink.line(shape, tone.line, width)


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _on(start: Point, bow: Point, end: Point, share: float) -> Point:
    """Return a point of a quadratic curve."""
    return _between(_between(start, bow, share), _between(bow, end, share), share)
