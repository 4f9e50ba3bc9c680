"""A sample's picture as it is trained on: upright, on a plain colour, at the size of its bucket."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from animegen.datasets.dataset import Sample
from animegen.datasets.recipe import DataRecipe
from animegen.errors import DatasetRefused, InvalidRequest
from animegen.pictures.colours import DEEP, opacity, to_srgb
from animegen.pictures.files import FORMATS, open_picture
from animegen.pictures.pillow import DAMAGED, quiet
from animegen.pictures.sources import fitted

Pixels = NDArray[np.uint8]
Mask = NDArray[np.float32]


def open_still(path: Path) -> Image.Image:
    """Return a picture decoded and upright.

    Raises InvalidRequest when it is damaged, too large, animated, or has colours that nobody agrees on.
    """
    image = open_picture(path)
    if image.mode in DEEP:
        raise InvalidRequest("pictures.bits")
    if _is_animated(path):
        raise InvalidRequest("datasets.animated")
    return image


def _is_animated(path: Path) -> bool:
    """Return whether a file has a second frame that is more than the preview of a photograph (MPO).

    Raises InvalidRequest when that frame is damaged.
    """
    try:
        with quiet(), Image.open(path, formats=FORMATS) as file:
            return file.format != "MPO" and getattr(file, "is_animated", False)
    except DAMAGED as problem:
        raise InvalidRequest("pictures.not_a_picture") from problem


def load(
    sample: Sample, size: tuple[int, int], recipe: DataRecipe, flipped: bool = False
) -> tuple[Pixels, Mask | None]:
    """Return RGB [height, width, 3] from 0 to 255, and where the loss counts, [height, width] from 0 to 1.

    The picture is laid on the background before it is scaled, so that no colour of transparent pixels bleeds in; it
    covers ``size`` (width, height), and what stands out is cut off evenly. The mask is None where all counts.
    Raises DatasetRefused when the file is no longer the picture that it was.
    """
    try:
        image = open_still(sample.path)
        opaque = to_srgb(image, recipe.background)[0]
    except InvalidRequest as problem:
        raise DatasetRefused("datasets.fault", file=str(sample.path), reason=problem.message) from problem
    pixels = np.asarray(fitted(opaque, size, "crop")[0])
    alpha = opacity(image) if recipe.masked_loss else None
    mask = None if alpha is None else _mask(alpha, size)
    if flipped:
        pixels, mask = pixels[:, ::-1], None if mask is None else mask[:, ::-1]
    return np.ascontiguousarray(pixels), None if mask is None else np.ascontiguousarray(mask)


def _mask(alpha: Image.Image, size: tuple[int, int]) -> Mask:
    """Return an alpha channel, fitted as its picture, by a filter that never overshoots."""
    fitted_alpha = ImageOps.fit(alpha, size, Image.Resampling.BILINEAR)
    return np.asarray(fitted_alpha, dtype=np.float32) / np.float32(255)
