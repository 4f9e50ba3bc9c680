"""Ruled lines of a notebook: long, level or upright, at equal distances, paler than the ink that is drawn over them."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
LONG: Final = 0.5
"""A ruled line shows over at least this share of the side that it runs along, and a margin over MARGIN of it."""
MARGIN: Final = 0.8
TILT: Final = 0.14
"""How far a ruled line may lean, as a tangent: a page lies nearly straight before the camera."""
FEWEST: Final = 5
"""So many parallel lines at equal distances are no drawing."""
DARKER: Final = 1.35
"""Ink that is so many times as strong as a ruled line was drawn over it."""
THICK: Final = 7
"""Width in pixels of the band about a margin in which only stronger ink stays."""


def removed(ink: Pixels, faint: int) -> Pixels:
    """Return the strength of ink, 0 to 255, without a page's rulings and margin, which are ``faint`` at least.

    Where nothing is drawn more strongly than the rulings it is returned as it is.
    """
    marks = np.where(ink >= faint, 255, 0).astype(np.uint8)
    across, along = _level(marks), [one[[1, 0, 3, 2]] for one in _level(marks.T.copy())]
    rows, columns = _even(across, len(ink)), _even([one[[1, 0, 3, 2]] for one in along], ink.shape[1])
    if not (rows or columns):
        return ink
    ruled = [*(across if rows else []), *(along if columns else [])]
    drawn = np.where(ink > DARKER * max(_strength(ink, one) for one in ruled), ink, 0).astype(np.uint8)
    for margin in [*([] if rows else across), *([] if columns else along)]:
        if np.hypot(*(margin[2:] - margin[:2])) >= MARGIN * min(ink.shape):
            drawn[(_band(ink, margin, THICK) > 0) & (ink <= DARKER * _strength(ink, margin))] = 0
    return drawn if drawn.any() else ink


def _level(marks: Pixels) -> list[Pixels]:
    """Return the long segments of a map that lie nearly level, each as x, y, x, y."""
    least = max(8, int(marks.shape[1] * LONG))
    gap = max(2, marks.shape[1] // 32)
    found = cv2.HoughLinesP(marks, 1, np.pi / 360, least // 2, minLineLength=least, maxLineGap=gap)
    segments = [] if found is None else list(found.reshape(-1, 4))
    return [one for one in segments if abs(one[3] - one[1]) <= TILT * abs(one[2] - one[0])]


def _even(segments: list[Pixels], high: int) -> bool:
    """Say whether enough level segments lie at equal distances."""
    heights = sorted(top + (bottom - top) * (high / 2 - left) / (right - left) for left, top, right, bottom in segments)
    apart = [one for one, last in zip(heights, [-np.inf, *heights], strict=False) if one - last > 3]
    if len(apart) < FEWEST:
        return False
    steps = np.diff(apart) / np.percentile(np.diff(apart), 25)  # some lines are hidden, and leave a step of several
    return bool(np.mean(np.abs(steps - np.round(steps)) <= 0.25) >= 0.75)


def _strength(ink: Pixels, segment: Pixels) -> float:
    """Return how strong the ink of a line is that stronger strokes may cross."""
    return float(np.percentile(ink[_band(ink, segment, 1) > 0], 75))


def _band(ink: Pixels, segment: Pixels, thick: int) -> Pixels:
    start, end = (tuple(int(each) for each in point) for point in (segment[:2], segment[2:]))
    return cv2.line(np.zeros_like(ink), start, end, 255, thick)
