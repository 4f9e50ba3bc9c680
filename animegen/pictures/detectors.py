"""Detectors of controlnet_aux, given a picture's own resolution, and imported when one is first needed.

By themselves they would resize a picture to 512 pixels and to multiples of 64. The import takes seconds, loads torch
and every detector of the package, and warns of those that lack a library.
"""

import warnings
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

MULTIPLE: Final = 64
"""Detectors of controlnet_aux resize pictures whose sides are no multiples of it."""


def detect(detector: Any, image: Image.Image, **options: Any) -> Image.Image:
    """Return what a detector of controlnet_aux finds at the resolution of an RGB picture, as a map of its size, mode L.

    A picture whose sides are no multiples of MULTIPLE is continued at its right and lower border, and the map cut.
    """
    (width, height), pixels = image.size, np.asarray(image)
    wider, higher = -width % MULTIPLE, -height % MULTIPLE
    whole = cv2.copyMakeBorder(pixels, 0, higher, 0, wider, cv2.BORDER_REPLICATE)
    side = min(whole.shape[:2])
    found = detector(whole, detect_resolution=side, image_resolution=side, output_type="np", **options)
    return Image.fromarray(np.ascontiguousarray(found[:height, :width, 0]))


@cache
def package() -> Any:
    """Return controlnet_aux, imported now; what it warns of concerns detectors that nobody uses here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import controlnet_aux
    return controlnet_aux
