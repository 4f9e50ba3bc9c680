"""Clothes for every day: T-shirt, hoodie, turtleneck, overalls."""

import skia

from animegen.chibi.artist.body import both, cloth, torso
from animegen.chibi.artist.ink import Ink, box, corners, mirrored, oval, smooth, star, taper
from animegen.chibi.artist.palette import Tone, mix
from animegen.chibi.artist.wardrobe.wear import Wear


def casual(ink: Ink, worn: Wear) -> None:
    """Draw a T-shirt with a stripe, a star or a heart, and a ribbed collar."""
    shirt, second, accent = worn.colours
    stripes: list[tuple[skia.Path, Tone]] = [(box(-50, 113, 50, 117.5), second), (box(-50, 121, 50, 125.5), second)]
    cloth(ink, torso(worn.boy, 13, 99.5), shirt, worn.boy, stripes if worn.pattern == 0 else ())
    if worn.pattern > 0:
        badge = star(0, 118, 8.2, waist=0.5) if worn.pattern == 1 else _heart(0, 118.5, 7.6)
        ink.shape(badge, accent)
    rim = corners([(-13, 99.6), (-7.5, 105.6), (0, 106.8), (7.5, 105.6), (13, 99.6)], bow=-0.06, closed=False)
    ink.line(rim, second.line, 4.2)
    ink.line(rim, second.base, 2.6)


def _heart(x: float, y: float, size: float) -> skia.Path:
    path = skia.Path()
    path.moveTo(x, y + size)
    path.cubicTo(x - size * 1.6, y - size * 0.1, x - size * 0.9, y - size * 1.2, x, y - size * 0.35)
    path.cubicTo(x + size * 0.9, y - size * 1.2, x + size * 1.6, y - size * 0.1, x, y + size)
    path.close()
    return path


def hood(ink: Ink, worn: Wear) -> None:
    """Draw the hood that lies in the neck."""
    shape = smooth([(-14, 88), (-30, 91), (-36, 101), (-28, 112), (28, 112), (36, 101), (30, 91), (14, 88)])
    ink.shape(shape, worn.colours[0], smooth([(-16, 92), (-22, 104), (22, 104), (16, 92)]), 1.1)


def hoodie(ink: Ink, worn: Wear) -> None:
    """Draw a hoodie: hood around the neck, cords, a pouch."""
    main, cord, dark = worn.colours
    cloth(ink, torso(worn.boy, 13, 98), main, worn.boy)
    pouch = corners([(-15, 134), (-12.5, 122.5), (12.5, 122.5), (15, 134)], bow=0.03)
    ink.fill(pouch, mix(main.base, main.shade, 0.35))
    ink.outline(pouch, main.line, 0.9)
    flap = smooth([(-13, 92), (-22, 96), (-25, 102), (-15, 109), (-2, 114), (-3, 108), (-10, 101)])
    both(ink, flap, main, 1.0)
    lining = smooth([(-12.5, 93.5), (-10.5, 101), (-3.5, 107.6), (-1.6, 111), (-7, 105), (-13.4, 99)])
    for path in (lining, mirrored(lining)):
        ink.fill(path, dark.base)
    for way in (-1, 1):
        string = corners([(way * 6.5, 108.5), (way * 8.0, 121)], bow=0.06, closed=False)
        ink.line(string, main.line, 3.2)
        ink.line(string, cord.base, 1.9)
        ink.shape(box(way * 8 - 1.5, 119.5, way * 8 + 1.5, 124.5, 1.0), cord, width=0.8)


def turtleneck(ink: Ink, worn: Wear) -> None:
    """Draw a ribbed sweater whose collar hides the neck."""
    knit, rib, _ = worn.colours
    ribs = [(taper((x, 100), (x * 1.06, 118), (x * 1.12, 138), 1.9), rib) for x in (-27, -18, -9, 0, 9, 18, 27)]
    cloth(ink, torso(worn.boy, 11, 98.5), knit, worn.boy, ribs)
    collar = corners([(-10.4, 88), (-12.2, 102), (0, 106.5), (12.2, 102), (10.4, 88)], bow=-0.06)
    ink.fill(collar, knit.base)
    with ink.inside(collar):
        for x in (-8, -4, 0, 4, 8):
            ink.line(corners([(x, 86), (x * 1.12, 108)], closed=False), rib.base, 1.5)
        ink.fill(smooth([(-12, 88), (-9, 94.5), (3, 98.5), (12, 94), (14, 86)]), knit.shade, 0.75)
        ink.fill(box(5.5, 86, 16, 110), knit.shade, 0.5)
    ink.outline(collar, knit.line, 1.0)
    ink.fill(taper((-10.8, 98.5), (0, 103.4), (10.8, 98.5), 0.4), knit.line, 0.7)


def overalls(ink: Ink, worn: Wear) -> None:
    """Draw denim overalls with straps, bib and pocket over a shirt."""
    denim, shirt, button = worn.colours
    cloth(ink, torso(worn.boy, 12.5, 99.5), shirt, worn.boy)
    rim = corners([(-12.5, 99.8), (-7, 105.4), (0, 106.6), (7, 105.4), (12.5, 99.8)], bow=-0.06, closed=False)
    ink.line(rim, shirt.line, 3.6)
    ink.line(rim, shirt.base, 2.2)
    for way in (-1, 1):
        strap = corners([(way * 21, 102.2), (way * 14.8, 118)], closed=False)
        ink.line(strap, denim.line, 7.8)
        ink.line(strap, denim.base, 5.8)
    bib = box(-19, 113.5, 19, 142, 2.5)
    ink.shape(bib, denim, smooth([(11, 110), (13, 120), (10, 142), (30, 142), (30, 110)]), 1.1)
    ink.line(corners([(-17.4, 116), (17.4, 116)], closed=False), denim.light, 0.7)
    ink.shape(box(-8.5, 120, 8.5, 142, 1.5), denim)
    ink.line(corners([(-7, 122.4), (7, 122.4)], closed=False), denim.light, 0.8)
    for x in (-14.6, 14.6):
        ink.shape(oval(x, 117.4, 2.9, 2.9), button, oval(x + 0.8, 118.6, 2.4, 2.0), 0.9)
