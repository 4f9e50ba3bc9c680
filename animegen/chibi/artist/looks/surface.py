"""What the looks share: pictures as numbers from 0 to 1, blur, grain of paper, and colours mixed by a mask."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Plane = NDArray[Any]
"""Height x width, or height x width x 3, of floats: numpy's types do not follow which kind arithmetic returns."""
_WEIGHTS = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def numbers(image: Image.Image) -> Plane:
    """Return an RGB picture as numbers from 0 to 1."""
    return np.asarray(image, dtype=np.float32) / 255


def picture(values: Plane) -> Image.Image:
    """Return numbers from 0 to 1 as a picture; one plane becomes grey."""
    values = np.repeat(values[..., None], 3, axis=2) if values.ndim == 2 else values
    return Image.fromarray((values.clip(0, 1) * 255 + 0.5).astype(np.uint8))


def grey(values: Plane) -> Plane:
    """Return how light each pixel of a picture is."""
    light: Plane = values @ _WEIGHTS
    return light


def blur(values: Plane, radius: float) -> Plane:
    """Return values between 0 and 1 after a Gaussian blur of ``radius`` pixels, in 256 steps."""
    whole = Image.fromarray((values.clip(0, 1) * 255 + 0.5).astype(np.uint8))
    return np.asarray(whole.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32) / 255


def grain(size: int, scale: float, rng: np.random.Generator) -> Plane:
    """Return smooth noise from 0 to 1 whose lumps are about ``scale`` pixels wide."""
    cells = max(2, round(size / scale))
    lumps = Image.fromarray(rng.integers(0, 256, (cells, cells), dtype=np.uint8))
    return np.asarray(lumps.resize((size, size), Image.Resampling.BICUBIC), dtype=np.float32) / 255


def paper(size: int, rng: np.random.Generator) -> Plane:
    """Return the tooth of paper, from 0 to 1: coarse and fine grain together."""
    return 0.5 * grain(size, 1, rng) + 0.3 * grain(size, 2.5, rng) + 0.2 * grain(size, 7, rng)


def mix(one: Plane, other: Plane, mask: Plane | float) -> Plane:
    """Return ``one`` where the mask is 0 and ``other`` where it is 1."""
    share = mask[..., None] if isinstance(mask, np.ndarray) and mask.ndim == 2 else mask
    mixed: Plane = one + (other - one) * share
    return mixed


def ramp(values: Plane, low: float, high: float) -> Plane:
    """Return 0 below ``low``, 1 above ``high``, and a smooth step between."""
    t: Plane = ((values - low) / (high - low)).clip(0, 1)
    step: Plane = t * t * (3 - 2 * t)
    return step


def slopes(values: Plane) -> tuple[Plane, Plane]:
    """Return how a plane rises to the right and downwards."""
    down, right = np.gradient(values)
    return right, down


def saturated(values: Plane, factor: float) -> Plane:
    """Return a picture with its colours drawn away from grey (above 1) or towards it."""
    level = grey(values)[..., None]
    drawn: Plane = (level + (values - level) * factor).clip(0, 1)
    return drawn
