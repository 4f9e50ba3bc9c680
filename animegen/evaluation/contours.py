"""How well the edges of one picture lie on those of another, with a tolerance (after Martin et al. 2004, section 3)."""

from typing import Final

import cv2
import numpy as np

from animegen.evaluation.metrics import Array

TOLERANCE: Final = 0.015
"""How far an edge may lie from where it should, as a share of the longer side."""


def edge_f1(found: Array, wanted: Array, tolerance: float = TOLERANCE) -> float:
    """Return F1 of two edge maps of one shape, ``(H, W)``, where what is not 0 is an edge.

    Precision is the share of ``found`` with an edge of ``wanted`` within the tolerance, recall the share of
    ``wanted`` with one of ``found``. Two empty maps agree (1); an empty and another do not at all (0).
    """
    there, due = np.asarray(found) > 0, np.asarray(wanted) > 0
    if not (there.any() and due.any()):
        return float(there.any() == due.any())
    reach = tolerance * max(there.shape)
    precision, recall = (float(np.mean(_distance(b)[a] <= reach)) for a, b in ((there, due), (due, there)))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _distance(edges: Array) -> Array:
    """Return how many pixels away the nearest edge is, for each pixel."""
    return cv2.distanceTransform((~edges).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
