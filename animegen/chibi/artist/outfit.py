"""Clothes from the neck to the lower edge, each told by its shape; x runs from the middle of the body."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import skia

from animegen.chibi.artist.ink import Ink, Point, box, corners, mirrored, oval, scallops, smooth, star, taper
from animegen.chibi.artist.palette import WHITE, Tone, choices, mix, tone


@dataclass(frozen=True, slots=True)
class Wear:
    """How an outfit is worn: main, second and accent tone, a boy's wider shoulders, stripe or motif."""

    colours: tuple[Tone, Tone, Tone]
    boy: bool
    striped: bool


def wear(name: str, boy: bool, rng: random.Random) -> Wear:
    """Return one of an outfit's colourways as this figure wears it."""
    main, second, accent = rng.choice(choices("outfit", name))
    return Wear((tone(main), tone(second), tone(accent)), boy, rng.random() < 0.5)


def behind(ink: Ink, name: str, wear: Wear) -> None:
    """Draw what lies behind the neck: a hood."""
    if name == "hoodie":
        hood = smooth([(-16, 90), (-33, 95), (-36, 106), (-20, 114), (20, 114), (36, 106), (33, 95), (16, 90)])
        ink.shape(hood, wear.colours[0], oval(0, 104, 24, 12), 1.5)


def draw(ink: Ink, name: str, wear: Wear) -> None:
    """Draw an outfit on neck and shoulders that are already there."""
    _OUTFITS[name](ink, wear)


def _torso(boy: bool, neck: float = 13.0, top: float = 100.0) -> skia.Path:
    """Return the trunk: shoulders that begin ``neck`` from the middle at height ``top``."""
    wide = 4.0 if boy else 0.0
    path = skia.Path()
    path.moveTo(-neck, top)
    path.cubicTo(-neck - 6, top + 3, -28 - wide, 103, -32 - wide, 111)
    path.cubicTo(-35 - wide, 118, -35 - wide, 124, -36 - wide, 132)
    path.lineTo(36 + wide, 132)
    path.cubicTo(35 + wide, 124, 35 + wide, 118, 32 + wide, 111)
    path.cubicTo(28 + wide, 103, neck + 6, top + 3, neck, top)
    path.cubicTo(neck * 0.6, top + 8.5, -neck * 0.6, top + 8.5, -neck, top)
    path.close()
    return path


def _sides(boy: bool) -> skia.Path:
    """Return the arms' inner shade."""
    x = 25.0 if boy else 22.0
    path = corners([(x, 114), (x + 3.4, 132), (x - 3, 132)])
    path.addPath(corners([(-x, 114), (-x + 3, 132), (-x - 3.4, 132)]))
    return path


def _casual(ink: Ink, wear: Wear) -> None:
    shirt, second, accent = wear.colours
    torso = _torso(wear.boy)
    ink.fill(torso, shirt.base)
    with ink.inside(torso):
        if wear.striped:
            ink.fill(box(-50, 113, 50, 120), second.base)
        else:
            ink.fill(star(0, 118.5, 8.0), accent.base)
            ink.line(star(0, 118.5, 8.0), accent.line, 1.2)
        ink.fill(_sides(wear.boy), shirt.shade)
    ink.outline(torso, shirt.line)
    rim = corners([(-13, 100), (-7, 106.2), (0, 107.2), (7, 106.2), (13, 100)], bow=-0.06, closed=False)
    ink.line(rim, second.line, 4.4)
    ink.line(rim, second.base, 2.4)


def _formal(ink: Ink, wear: Wear) -> None:
    jacket, shirt, tie = wear.colours
    torso = _torso(wear.boy, neck=12, top=98)
    ink.shape(torso, jacket, _sides(wear.boy), 1.4)
    ink.shape(corners([(-11, 97), (0, 104), (11, 97), (13, 104), (3, 132), (-3, 132), (-13, 104)]), shirt)
    ink.shape(corners([(-2.6, 108), (2.6, 108), (5.2, 124), (0, 130), (-5.2, 124)]), tie)
    ink.shape(box(-3.6, 103.5, 3.6, 109, 1.6), tie)
    lapel = corners([(-13, 99), (-21, 108), (-15.5, 111), (-18, 114.5), (-3, 132), (-10.5, 108)])
    collar = corners([(-11.5, 95.5), (-13.5, 102), (-6, 108), (-1, 103.5)])
    for path in (lapel, mirrored(lapel)):
        ink.fill(path, mix(jacket.base, jacket.light, 0.28))
        ink.outline(path, jacket.line)
    for path in (collar, mirrored(collar)):
        ink.shape(path, shirt)


def _school_uniform(ink: Ink, wear: Wear) -> None:
    blouse, collar, scarf = wear.colours
    torso = _torso(wear.boy, neck=11, top=98)
    ink.shape(torso, blouse, _sides(wear.boy))
    half: list[Point] = [(-11, 96.5), (-24, 101.5), (-30, 110), (-20, 116), (0, 122), (-7, 108)]
    left = corners(half)
    for path in (left, mirrored(left)):
        ink.shape(path, collar)
    stripe = corners([(-26.5, 108.5), (-18.5, 112.8), (-3.5, 117)], closed=False)
    for path in (stripe, mirrored(stripe)):
        ink.line(path, WHITE, 1.5)
    tail = corners([(-1, 114), (-10, 123), (-7, 132), (0, 118)], bow=0.1)
    for path in (tail, mirrored(tail)):
        ink.shape(path, scarf)
    ink.shape(oval(0, 115.5, 4.4, 3.8), scarf)


def _kimono(ink: Ink, wear: Wear) -> None:
    robe, inner, obi = wear.colours
    torso = _torso(wear.boy, neck=12, top=98)
    ink.shape(torso, robe, _sides(wear.boy))
    for x, y in ((-26, 113), (26, 113)):
        for k in range(5):
            with ink.placed(x, y, degrees=72 * k):
                ink.fill(oval(0, -2.8, 1.9, 2.3), inner.base)
        ink.fill(oval(x, y, 1.6, 1.6), obi.base)
    band = corners([(-8.5, 91.5), (-14.5, 98), (-13, 102), (5, 126), (15, 122)], bow=-0.03)
    seam = corners([(-13.5, 99.5), (6, 124)], bow=-0.05, closed=False)
    for collar, edge in ((mirrored(band), mirrored(seam)), (band, seam)):
        ink.shape(collar, inner, width=1.4)
        ink.line(edge, obi.base, 2.2)
    with ink.inside(torso):
        ink.shape(box(-50, 119.5, 50, 140), obi)
        ink.fill(box(-50, 123.4, 50, 125.6), robe.base)


def _hoodie(ink: Ink, wear: Wear) -> None:
    cloth, string, dark = wear.colours
    torso = _torso(wear.boy, neck=15, top=98)
    ink.shape(torso, cloth, _sides(wear.boy))
    for way in (-1, 1):
        edge = corners([(way * 17, 95), (way * 15, 106), (0, 113)], bow=-0.12 * way, closed=False)
        ink.line(edge, cloth.line, 6.4)
        ink.line(edge, dark.base, 4.0)
        cord = corners([(way * 7, 109.5), (way * 8, 122)], bow=0.08, closed=False)
        ink.line(cord, cloth.line, 3.8)
        ink.line(cord, string.base, 2.0)
        ink.shape(box(way * 8 - 1.6, 120.5, way * 8 + 1.6, 125.5, 1.0), string)


def _armor(ink: Ink, wear: Wear) -> None:
    steel, trim, gem = wear.colours
    ink.shape(_torso(wear.boy, neck=12, top=99), steel, corners([(0, 100), (50, 100), (50, 132), (0, 132)]), 1.4)
    ink.line(corners([(-20, 124), (0, 131), (20, 124)], bow=-0.1, closed=False), trim.base, 2.6)
    for way in (-1, 1):
        with ink.placed(way * (31 + (3 if wear.boy else 0)), 110, degrees=way * 24):
            ink.shape(oval(0, 5.5, 11.5, 10), trim, width=1.4)
            ink.shape(oval(0, 0, 13.5, 11), steel, oval(0, 7, 14, 6), 1.4)
            ink.fill(taper((-way * 8 - 3, -3), (-3, -10), (6, -6), 1.8), WHITE)
    gorget = corners([(-12, 92), (-17, 104), (0, 112), (17, 104), (12, 92), (0, 99)], bow=-0.1)
    ink.shape(gorget, steel, corners([(0, 90), (20, 90), (20, 114), (0, 114)]), 1.5)
    ink.line(corners([(-15.5, 104), (0, 110.4), (15.5, 104)], bow=-0.14, closed=False), trim.base, 2.2)
    ink.shape(corners([(0, 111.5), (4.6, 117), (0, 123), (-4.6, 117)]), gem)


def _dress(ink: Ink, wear: Wear) -> None:
    cloth, frill, bow = wear.colours
    for way in (-1, 1):
        strap = corners([(way * 18, 103), (way * 16, 114)], closed=False)
        ink.line(strap, cloth.line, 6.6)
        ink.line(strap, cloth.base, 4.4)
    bodice = corners([(-22, 112), (22, 112), (24, 132), (-24, 132)])
    ink.shape(bodice, cloth)
    lace = scallops([(x, 114.5) for x in (23, 15.4, 7.7, 0, -7.7, -15.4, -23)], 0.5, closed=False)
    lace.lineTo(-22, 110)
    lace.lineTo(22, 110)
    lace.close()
    ink.shape(lace, frill)
    loop = corners([(0, 117), (-9.5, 112.5), (-9.5, 122)], bow=0.12)
    for path in (loop, mirrored(loop)):
        ink.shape(path, bow)
    ink.shape(oval(0, 117, 2.8, 3.0), bow)


def _turtleneck(ink: Ink, wear: Wear) -> None:
    knit, rib, _ = wear.colours
    torso = _torso(wear.boy, neck=12, top=99)
    ink.fill(torso, knit.base)
    with ink.inside(torso):
        for x in (-28, -14, 0, 14, 28):
            ink.fill(box(x - 2.4, 90, x + 2.4, 132), rib.base)
    ink.outline(torso, knit.line)
    collar = corners([(-11.5, 88), (-13, 104), (0, 109), (13, 104), (11.5, 88)], bow=-0.06)
    ink.fill(collar, knit.base)
    with ink.inside(collar):
        for x in (-8, 0, 8):
            ink.fill(box(x - 1.5, 80, x + 1.5, 110), rib.base)
    ink.outline(collar, knit.line, 1.5)


def _overalls(ink: Ink, wear: Wear) -> None:
    denim, shirt, button = wear.colours
    torso = _torso(wear.boy)
    ink.shape(torso, shirt, _sides(wear.boy))
    for way in (-1, 1):
        strap = corners([(way * 20, 102.5), (way * 14.5, 118)], closed=False)
        ink.line(strap, denim.line, 8.0)
        ink.line(strap, denim.base, 5.6)
    ink.shape(box(-19, 113.5, 19, 140, 2.5), denim, width=1.5)
    ink.line(box(-8.5, 119.5, 8.5, 140, 1.5), denim.light, 1.5)
    for x in (-14.5, 14.5):
        ink.shape(oval(x, 117.4, 3.2, 3.2), button)


_OUTFITS: dict[str, Callable[[Ink, Wear], None]] = {
    "casual": _casual,
    "formal": _formal,
    "school_uniform": _school_uniform,
    "kimono": _kimono,
    "hoodie": _hoodie,
    "armor": _armor,
    "dress": _dress,
    "turtleneck": _turtleneck,
    "overalls": _overalls,
}
