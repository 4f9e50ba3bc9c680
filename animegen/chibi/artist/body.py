"""The body under the clothes, and how cloth lies on it; x runs from the middle, y from the picture's top edge."""

from collections.abc import Sequence

import skia

from animegen.chibi.artist.ink import Ink, Point, corners, mirrored, oval, smooth, taper
from animegen.chibi.artist.palette import Skin, Tone, mix

_CAST: tuple[int, int, int] = (66, 26, 78)
_HALF: tuple[Point, ...] = ((-6.2, 82), (-6.2, 93), (-9, 99), (-20, 103), (-28, 107.5), (-31.5, 117), (-33, 140))


def neck(ink: Ink, skin: Skin, boy: bool) -> None:
    """Draw neck, shoulders and collarbones, and the shadow of the chin."""
    path = smooth([*_HALF, *[(-x, y) for x, y in reversed(_HALF)]])
    with ink.placed(across=1.14 if boy else 1.0):
        ink.fill(path, skin.base)
        with ink.inside(path):
            ink.fill(smooth([(-7, 84), (-6.6, 94), (-1, 100), (7, 97.5), (9, 84)]), skin.shade)
            ink.fill(smooth([(25, 104), (26, 116), (24, 132), (44, 132), (44, 104)]), skin.shade, 0.8)
        ink.outline(path, skin.line, 0.9)
        for way in (-1, 1):
            bone = taper((way * 4.5, 105.2), (way * 10, 103.4), (way * 17, 103.8), 0.5)
            ink.fill(bone, mix(skin.shade, skin.line, 0.4))


def torso(boy: bool, neck: float = 12.0, top: float = 99.0) -> skia.Path:
    """Return the trunk in clothes: shoulders that begin ``neck`` from the middle at height ``top``."""
    wide = 4.5 if boy else 0.0
    half = skia.Path()
    half.moveTo(-neck, top)
    half.cubicTo(-neck - 6, top + 2.6, -26 - wide, 102.5, -30.5 - wide, 109)
    half.cubicTo(-34 - wide, 114.5, -35 - wide, 122, -36.5 - wide, 134)
    half.lineTo(36.5 + wide, 134)
    half.cubicTo(35 + wide, 122, 34 + wide, 114.5, 30.5 + wide, 109)
    half.cubicTo(26 + wide, 102.5, neck + 6, top + 2.6, neck, top)
    half.cubicTo(neck * 0.6, top + 8.5, -neck * 0.6, top + 8.5, -neck, top)
    half.close()
    return half


def cloth(ink: Ink, path: skia.Path, tone: Tone, boy: bool, pattern: Sequence[tuple[skia.Path, Tone]] = ()) -> None:
    """Draw a garment that covers the trunk: pattern, light from the upper left, sleeves, folds, outline."""
    wide = 3.0 if boy else 0.0
    ink.fill(path, tone.base)
    with ink.inside(path):
        for shape, dye in pattern:
            ink.fill(shape, dye.base)
        shade(ink, tone)
        for way in (-1, 1):
            sleeve = way * (23.5 + wide)
            ink.fill(
                corners([(sleeve, 113), (sleeve + way * 1.5, 134), (sleeve - way * 3.6, 134)], bow=0.03), tone.shade
            )
            ink.fill(taper((sleeve, 112), (sleeve + way * 0.8, 122), (sleeve + way * 1.4, 134), 0.5), tone.line)
        ink.fill(taper((-27 - wide, 108), (-20, 103.6), (-12, 102.4), 1.1), tone.light, 0.8)
        ink.fill(taper((-9, 134), (-12, 125), (-19, 119), 0.8), tone.shade)
        ink.fill(taper((12, 134), (14, 126), (19, 121), 0.9), mix(tone.shade, tone.line, 0.3))
    ink.outline(path, tone.line, 1.0)


def shade(ink: Ink, tone: Tone) -> None:
    """Lay the shaded side of the trunk over what is drawn, and the shadow of the head."""
    edge = smooth([(18, 98), (24, 107), (19.5, 116), (23, 124), (19, 140), (60, 140), (60, 96)])
    ink.fill(edge, tone.shade, 0.62)
    ink.fill(oval(2.5, 99.5, 15, 6.5), _CAST, 0.2)


def both(ink: Ink, path: skia.Path, tone: Tone, width: float = 0.9) -> None:
    """Draw a shape of the left side and its mirror image, which lies in shade."""
    ink.shape(path, tone, width=width)
    right = mirrored(path)
    ink.fill(right, mix(tone.base, tone.shade, 0.5))
    ink.outline(right, tone.line, width)
