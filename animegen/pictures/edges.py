"""Edges of any picture as white lines on black: what a ControlNet draws along.

The detector is controlnet_aux's CannyDetector, which is OpenCV's (Canny 1986), at the picture's own resolution. A
sketch or an edge map is not detected, which would make two lines of each stroke, but taken as it is.
"""

from collections.abc import Callable
from dataclasses import replace
from math import ceil
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from animegen.messages import Message, message
from animegen.pictures import detectors, rulings
from animegen.pictures.sources import fitted
from animegen.tasks import Canny

Pixels = NDArray[Any]
Detector = Callable[[Image.Image], Image.Image]
"""Returns the lines of an RGB picture as a map of its size, mode L, brighter where there is a line."""
EDGES: Final = "edges"
LINEART: Final = "lineart"
LINES: Final = (EDGES, LINEART)
"""The kinds of lines that a ControlNet can follow: hard edges, or soft line art, whose detector is a model's."""
SAMPLE: Final = 256
"""Side of the sample of pixels that the guess looks at."""
COLOURED: Final = 40
"""A pixel whose channels differ by more has a colour; paper has none over most of a page."""
DARK: Final = 64
BRIGHT: Final = 192
"""What is darker or brighter is black or white on an edge map."""
LIGHT: Final = 80
"""Paper is at least so bright nearly all over, in the shade of a hand too."""
SPARSE: Final = 0.0005
"""The least share of bright pixels that makes lines of them."""
FAINT: Final = 32
"""Ink that stands out less from its paper is grain, not a line."""
GRAIN: Final = 6
"""Ink that lies more median deviations above the median is no grain of the paper (four standard deviations)."""
STRONG: Final = 0.3
"""The share of the strongest ink's strength from which on ink is a line."""
PAPER: Final = 1 / 3
"""What is wider than this share of the shorter side is paper, however dark."""
STROKE: Final = 0.04
"""What is wider than this share of the shorter side is no stroke but a filled shape, of which the rim is drawn."""
WIDE: Final = 0.15
"""The share of the ink from which on wide shapes make a coloured drawing a picture."""
TAKEN_FOR: Final = {
    "sketch": message("pictures.taken_for_sketch"),
    "edges": message("pictures.taken_for_edges"),
}
"""The note on a guess; there is none on a photo."""
HIGHEST: Final = 1.2
"""A larger conditioning scale can distort a face: of one crayon drawing the eyes were blotched from 1.4 on."""
HIGH_SCALE: Final = message("pictures.high_conditioning_scale", limit=HIGHEST)
NO_PORTRAIT: Final = message("pictures.no_portrait", model="chibi")
CELLS: Final = 64
"""Rows and columns of the grid on which it is judged whether lines are of a bust."""
DENSE: Final = 0.5
"""The share of the cells with lines that no bust has."""
EMPTY: Final = 0.05
"""The share of the cells with lines that the middle of a bust, its face, has at least."""
NO_EDGES: Final = message("pictures.no_edges")


def prepare(task: Canny, size: tuple[int, int], lineart: Detector | None = None) -> tuple[Canny, tuple[Message, ...]]:
    """Return the task with its upright RGB picture at a drawing's size and its kind known, and notes about it.

    With a detector of ``lineart`` every picture is a photo to it.
    """
    kind = "photo" if lineart else guess(task.image) if task.image_kind == "auto" else task.image_kind
    image, notes = fit(task.image, size, kind, task.fit)
    ready = replace(task, image=image, image_kind=kind, width=size[0], height=size[1])
    if blank(of(ready, lineart)):
        return ready, (*notes, NO_EDGES)
    guessed = [TAKEN_FOR[kind]] if kind != task.image_kind and kind in TAKEN_FOR else []
    return ready, (*notes, *guessed, *([HIGH_SCALE] if task.conditioning_scale > HIGHEST else []))


def of(task: Canny, lineart: Detector | None = None) -> Image.Image:
    """Return the map of a prepared task: its edges, or what a detector of ``lineart`` finds."""
    return (
        lineart(task.image) if lineart else trace(task.image, task.image_kind, task.low_threshold, task.high_threshold)
    )


def guess(image: Image.Image) -> str:
    """Return what an upright RGB picture is: an edge map (``edges``), lines on paper (``sketch``), or a ``photo``.

    An edge map is nearly all black and white, more of it black, and grey; a sketch is nearly all paper. Where it is
    coloured its paper is not, and its strokes are thin: what is filled with colour has edges as a photo has.
    """
    small = image.resize((min(image.width, SAMPLE), min(image.height, SAMPLE)), Image.Resampling.NEAREST)
    pixels, grey = np.asarray(small), np.asarray(small.convert("L"))
    coloured = np.mean(np.ptp(pixels, axis=2) > COLOURED) > 0.05
    dark, bright = np.mean(grey < DARK), np.mean(grey > BRIGHT)
    if not coloured and dark >= 0.5 and bright >= SPARSE and dark + bright >= 0.9:
        return "edges"
    paper = _paper(pixels)
    ink = _ink(pixels)
    lit, clear = np.percentile(paper.max(axis=2), 10) >= LIGHT, np.mean(ink < FAINT) >= 0.7
    return "sketch" if lit and clear and not (coloured and _filled(paper, ink)) else "photo"


def fit(
    image: Image.Image, size: tuple[int, int], kind: str, how: str = "fit"
) -> tuple[Image.Image, tuple[Message, ...]]:
    """Return an RGB picture at a drawing's size, fitted as ``sources.fitted`` does, and a note on that.

    The lines of a map or a sketch are widened first by as much as they are made smaller, so that none is lost.
    """
    scale = ceil(min(image.width / size[0], image.height / size[1]))
    if kind != "photo" and scale > 1:
        widen = cv2.erode if kind == "sketch" else cv2.dilate
        image = Image.fromarray(widen(np.asarray(image), _square(scale)))
    return fitted(image, size, how)


def trace(image: Image.Image, kind: str, low: int = 100, high: int = 200) -> Image.Image:
    """Return the edges of an RGB picture as a map of its size, mode L, 255 on a line and 0 elsewhere.

    ``kind`` is what ``guess`` returns; the thresholds (of the gradient, as OpenCV's Canny has it) are for a photo.
    A map that was traced is traced as ``edges`` to itself.
    """
    if kind == "photo":
        found = detectors.detect(detectors.package().CannyDetector(), image, low_threshold=low, high_threshold=high)
        return Image.fromarray(_rims(np.asarray(found)))
    if kind == "edges":
        return Image.fromarray(_rims(_lines(np.asarray(image.convert("L")))))
    return Image.fromarray(_rims(_lines(rulings.removed(_grainless(_ink(np.asarray(image))), FAINT))))


def blank(edges: Image.Image) -> bool:
    """Say whether there is no line on a map."""
    return edges.getextrema() == (0, 0)


def is_bust(edges: Image.Image) -> bool:
    """Say whether a map may be of a bust from the front: lines in the middle, fewer in the upper corners, room between.

    Only what is surely none is found: lines everywhere, no face, or something that fills the corners beside a head.
    """
    cells = cv2.resize(np.asarray(edges), (CELLS, CELLS), interpolation=cv2.INTER_AREA) > 0
    middle = float(np.mean(cells[CELLS // 4 : CELLS * 3 // 4, CELLS * 5 // 16 : CELLS * 11 // 16]))
    corners = float(np.mean(cells[: CELLS // 4, [*range(CELLS * 3 // 16), *range(CELLS * 13 // 16, CELLS)]]))
    return bool(np.mean(cells) <= DENSE and middle >= max(EMPTY, corners))


def _paper(pixels: Pixels) -> Pixels:
    """Return the paper's colour at each pixel, beneath the ink too, however it is lit."""
    return cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, _square(ceil(min(pixels.shape[:2]) * PAPER)))


def _ink(pixels: Pixels) -> Pixels:
    """Return how much darker than its paper each pixel is, in the channel where most: yellow is dark in blue alone."""
    darker: Pixels = cv2.subtract(_paper(pixels), pixels)
    strongest: Pixels = np.max(darker, axis=2)
    return strongest


def _grainless(ink: Pixels) -> Pixels:
    """Return the ink without what stands out no more than the paper's own grain does nearly everywhere."""
    middle = np.median(ink)
    grain = middle + GRAIN * np.median(np.abs(ink - middle))
    return np.where(ink > grain, ink, 0).astype(np.uint8)


def _filled(paper: Pixels, ink: Pixels) -> bool:
    """Say whether the paper is coloured, or much of the ink lies in shapes wider than a stroke."""
    marks = (ink >= FAINT).astype(np.uint8)
    wide = cv2.morphologyEx(marks, cv2.MORPH_OPEN, _square(ceil(min(marks.shape) * STROKE)))
    return bool(np.mean(np.ptp(paper, axis=2) > COLOURED) > 0.1 or wide.sum() > WIDE * marks.sum())


def _lines(ink: Pixels) -> Pixels:
    """Return 255 where there is ink, 0 elsewhere."""
    level = max(FAINT, STRONG * np.percentile(ink, 99.5))
    return np.where(ink >= level, 255, 0).astype(np.uint8)


def _rims(lines: Pixels) -> Pixels:
    """Return the lines with every filled shape hollowed: no square of STROKE is white all over any more."""
    side = max(3, ceil(min(lines.shape) * STROKE) | 1)
    filled = cv2.erode(lines, _square(side))
    return cv2.subtract(lines, filled)


def _square(side: int) -> Pixels:
    return np.ones((side, side), dtype=np.uint8)
