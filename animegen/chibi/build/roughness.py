"""Edge maps as people bring them: those of a picture at any threshold, redrawn by an unsteady hand.

A ControlNet that only ever saw exact edges copies every slip of a pencil; one that saw slips draws what was meant.
"""

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[Any]
BLANK: Final = 0.05
"""How often there is no line at all, so that a blank page leaves the drawing to the words."""
ROUGH: Final = 0.5
"""How often each thing is done that a hand does to a line."""
FAINTEST: Final = 20
STRONGEST: Final = 150
"""The low thresholds of the detector lie between; the high ones are from 1.5 to 3 times as high."""
SLIP: Final = 0.012
"""How far a line may slip, as a share of the side (one standard deviation)."""
THICK: Final = 0.025
"""How thick a line may be, as a share of the side."""


def rough_map(picture: Map, rng: np.random.Generator) -> Map:
    """Return lines, 255 on 0, of an 8-bit picture ``(H, W, 3)``, each time other ones."""
    if rng.random() < BLANK:
        return np.zeros(picture.shape[:2], np.uint8)
    if rng.random() < ROUGH:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 1.5))
    low = FAINTEST * (STRONGEST / FAINTEST) ** rng.random()
    lines = cv2.Canny(picture, low, low * rng.uniform(1.5, 3))
    hand: tuple[Callable[[Map, np.random.Generator], Map], ...] = (left_out, slipped, broken, thick)
    for habit in hand:
        if rng.random() < ROUGH:
            lines = habit(lines, rng)
    return lines


def left_out(lines: Map, rng: np.random.Generator) -> Map:
    """Return the lines without some of the strokes, a stroke being what hangs together."""
    count, strokes = cv2.connectedComponents(lines)
    kept = rng.random(count) >= rng.uniform(0, 0.6)
    return np.where(kept[strokes], lines, 0).astype(np.uint8)


def slipped(lines: Map, rng: np.random.Generator) -> Map:
    """Return the lines bent here and there, as no hand draws the same line twice."""
    height, width = lines.shape
    slip = _field(lines.shape, rng, 2) * rng.uniform(0, SLIP) * max(height, width)
    down, across = np.mgrid[:height, :width].astype(np.float32)
    moved = cv2.remap(lines, across + slip[0], down + slip[1], cv2.INTER_LINEAR)
    return np.where(moved > 80, 255, 0).astype(np.uint8)


def broken(lines: Map, rng: np.random.Generator) -> Map:
    """Return the lines with gaps."""
    return np.where(_field(lines.shape, rng, 1)[0] > rng.uniform(-2, -0.5), lines, 0).astype(np.uint8)


def thick(lines: Map, rng: np.random.Generator) -> Map:
    """Return the lines as a soft pencil or a pen draws them."""
    side = int(rng.integers(2, max(3, round(THICK * max(lines.shape))) + 1))
    return cv2.dilate(lines, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def _field(shape: tuple[int, ...], rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Return ``count`` smooth random fields of about unit deviation, ``(count, H, W)``."""
    knots = int(rng.integers(4, 17))
    coarse = rng.standard_normal((count, knots, knots)).astype(np.float32)
    return np.stack([cv2.resize(one, shape[::-1], interpolation=cv2.INTER_CUBIC) for one in coarse])
