"""Clothes for a day that counts: suit, school uniform, kimono, armor, dress."""

from animegen.chibi.artist.body import both, cloth, shade, torso
from animegen.chibi.artist.ink import Ink, Point, box, corners, mirrored, oval, scallops, smooth, taper
from animegen.chibi.artist.palette import WHITE, Tone, mix
from animegen.chibi.artist.wardrobe.wear import Wear


def formal(ink: Ink, worn: Wear) -> None:
    """Draw a suit with lapels, white shirt and tie."""
    jacket, shirt, tie = worn.colours
    cloth(ink, torso(worn.boy, 12, 97.5), jacket, worn.boy)
    front = corners([(-10.5, 96), (0, 104), (10.5, 96), (12.5, 104), (3, 134), (-3, 134), (-12.5, 104)])
    ink.shape(front, shirt, oval(3, 101, 13, 5))
    ink.shape(corners([(-2.6, 107.5), (2.6, 107.5), (5.0, 124), (0, 131), (-5.0, 124)]), tie)
    ink.fill(corners([(0.4, 108), (2.6, 108), (5, 124), (0.6, 130)]), tie.shade)
    ink.shape(corners([(-3.8, 103.2), (3.8, 103.2), (2.4, 108.6), (-2.4, 108.6)], bow=0.06), tie)
    lapel = corners([(-12.5, 98), (-20.5, 107), (-15.5, 110.5), (-18, 114), (-3, 134), (-10.5, 107)])
    both(ink, lapel, Tone(mix(jacket.base, jacket.light, 0.22), jacket.base, jacket.light, jacket.line))
    collar = corners([(-10.6, 94), (-13, 101), (-6.2, 108), (-0.8, 103.4)])
    both(ink, collar, shirt)
    ink.shape(corners([(-26, 119), (-19, 118), (-20, 122), (-25.6, 122.8)]), shirt, width=0.8)


def school_uniform(ink: Ink, worn: Wear) -> None:
    """Draw a sailor's blouse: broad collar with white stripes, scarf tied in front."""
    blouse, collar, scarf = worn.colours
    cloth(ink, torso(worn.boy, 11, 97.5), blouse, worn.boy)
    half = corners([(-10.5, 95.5), (-23, 100), (-29.5, 109), (-20, 115.5), (-1, 121), (-6.5, 107)], bow=0.02)
    both(ink, half, collar, 1.0)
    stripe = corners([(-26, 108), (-18.6, 112.4), (-3.8, 116.8)], closed=False)
    for path in (stripe, mirrored(stripe)):
        ink.line(path, WHITE, 1.2)
    tail = corners([(-1, 114), (-11, 122), (-9, 133), (0.5, 118)], bow=0.1)
    both(ink, tail, scarf, 0.9)
    ink.fill(taper((-2, 117), (-6, 121), (-7.6, 127), 0.5), scarf.line)
    ink.shape(
        smooth([(-4.4, 113), (0, 111.6), (4.4, 113), (4, 118.4), (0, 119.4), (-4, 118.4)]), scarf, oval(2, 118, 4, 3)
    )


def kimono(ink: Ink, worn: Wear) -> None:
    """Draw a kimono: collars that cross, flowers on the shoulders, a broad obi."""
    robe, inner, obi = worn.colours
    trunk = torso(worn.boy, 12, 97.5)
    cloth(ink, trunk, robe, worn.boy)
    with ink.inside(trunk):
        for x, y, size in ((-26, 111.5, 1.0), (27, 113, 1.0), (-15.5, 117, 0.6), (31, 104, 0.6), (-33, 122, 0.7)):
            _bloom(ink, x, y, size, inner, obi)
    under = corners([(-9, 91), (-13.6, 97), (-11, 102), (3, 122), (9, 121)], bow=-0.03)
    band = corners([(-10, 90.5), (-16.5, 97), (-14.6, 102), (4, 127), (14, 124)], bow=-0.03)
    for each in (mirrored(band), band):
        ink.shape(each, Tone(mix(robe.base, robe.light, 0.35), robe.shade, robe.light, robe.line), width=1.0)
        ink.shape(under if each is band else mirrored(under), inner, width=0.9)
    with ink.inside(trunk):
        ink.shape(box(-50, 120, 50, 140), obi, box(8, 120, 50, 140), 1.1)
        ink.line(corners([(-50, 125), (50, 125)], closed=False), robe.base, 2.4)
        ink.line(corners([(-50, 125), (50, 125)], closed=False), inner.base, 0.8)


def _bloom(ink: Ink, x: float, y: float, size: float, petal: Tone, heart: Tone) -> None:
    for k in range(5):
        with ink.placed(x, y, degrees=72 * k + 20, across=size, down=size):
            ink.fill(oval(0, -3.1, 1.9, 2.5), petal.base)
    ink.fill(oval(x, y, 1.5 * size, 1.5 * size), heart.base)


def armor(ink: Ink, worn: Wear) -> None:
    """Draw plate armour: breastplate with trim, round shoulders, gorget with a gem."""
    steel, trim, gem = worn.colours
    trunk = torso(worn.boy, 12, 98.5)
    ink.blend(trunk, (-30, 100), (34, 130), [steel.light, steel.base, steel.shade])
    with ink.inside(trunk):
        shade(ink, steel)
        ink.fill(taper((-15, 108), (-20, 118), (-15, 130), 1.7), WHITE, 0.7)
        ink.fill(taper((0, 116), (0.6, 124), (0, 136), 0.5), steel.line)
    ink.outline(trunk, steel.line, 1.1)
    ink.line(corners([(-22, 123), (0, 131), (22, 123)], bow=-0.1, closed=False), trim.line, 3.4)
    ink.line(corners([(-22, 123), (0, 131), (22, 123)], bow=-0.1, closed=False), trim.base, 2.2)
    for way in (-1, 1):
        with ink.placed(way * (30 + (3.5 if worn.boy else 0)), 110, degrees=way * 24):
            ink.shape(oval(0, 6.5, 11.5, 9.5), trim, oval(5, 12, 11, 7), 1.0)
            ball = oval(0, 0, 13.2, 10.8)
            ink.blend(ball, (-8, -9), (9, 10), [steel.light, steel.base, steel.shade])
            ink.outline(ball, steel.line, 1.1)
            ink.fill(taper((-9, -2), (-6, -9), (3, -7.4), 1.6), WHITE, 0.9)
    gorget = corners([(-11, 91), (-16, 103), (0, 111), (16, 103), (11, 91), (0, 98)], bow=-0.1)
    ink.shape(gorget, steel, corners([(2, 92), (20, 88), (20, 114), (1, 112)]), 1.1)
    ink.line(corners([(-14.6, 103), (0, 109.4), (14.6, 103)], bow=-0.14, closed=False), trim.base, 1.8)
    ink.shape(corners([(0, 110.5), (4.6, 116), (0, 122), (-4.6, 116)]), gem, corners([(0, 110), (6, 116), (0, 122)]))
    ink.fill(corners([(-0.6, 112.6), (-3, 115.8), (-0.6, 116.6)]), WHITE, 0.8)


def dress(ink: Ink, worn: Wear) -> None:
    """Draw a frilled dress with puffed sleeves, a lace neckline and a bow."""
    main, frill, bow = worn.colours
    bodice = corners([(-21, 106), (21, 106), (23, 136), (-23, 136)])
    ink.shape(bodice, main, smooth([(9, 104), (13, 116), (9, 138), (34, 138), (34, 104)]), 1.0)
    puff: list[Point] = [(-18, 102.5), (-27, 100.5), (-37, 107), (-40, 117), (-34, 124), (-24, 122), (-19.5, 113)]
    both(ink, smooth([(x - (2.5 if worn.boy else 0), y) for x, y in puff]), main, 1.0)
    for way in (-1, 1):
        for x, y in ((-35, 122.5), (-30.5, 123.5), (-27, 122)):
            ink.fill(taper((way * x, y), (way * (x + 1), y - 5), (way * (x + 2.5), y - 9), 0.6), main.shade)
    cuff = scallops([(x, 122.6 - 0.02 * (x + 30) ** 2) for x in (-23, -27.5, -32, -36.5)], 0.5, closed=False)
    for path in (cuff, mirrored(cuff)):
        ink.shape(path, frill, width=0.8)
    lace = scallops([(x, 111.5) for x in (21, 14, 7, 0, -7, -14, -21)], 0.5, closed=False)
    lace.lineTo(-19, 106.2)
    lace.lineTo(19, 106.2)
    lace.close()
    ink.shape(lace, frill, box(9, 100, 40, 130), 0.9)
    loop = smooth([(0, 116.5), (-6, 111.6), (-11, 112), (-11.4, 121), (-6, 121.6)])
    end = corners([(-0.5, 117), (-8, 127), (-3.6, 127.6), (1, 119)], bow=0.06)
    both(ink, end, bow, 0.9)
    both(ink, loop, bow, 0.9)
    ink.shape(oval(0, 116.8, 2.7, 3.0), bow, oval(1, 118.6, 2.4, 1.8), 0.9)
