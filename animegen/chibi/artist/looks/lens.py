"""What a lens does: soft focus."""

import numpy as np
from PIL import Image

from animegen.chibi.artist.looks.surface import Plane, blur, mix, numbers, picture, ramp, saturated

_LIGHTS = 9


def soft_focus(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a picture in soft focus: Orton's glow (a blurred, bright print over the sharp one) and discs of light."""
    sharp = numbers(image)
    size = image.width
    glow = blur(sharp, size / 36)
    screened = 1 - (1 - 0.78 * sharp) * (1 - 0.5 * glow)
    dreamy = mix(blur(sharp, size / 200), screened, 0.72)
    warm = mix(dreamy, np.array([1.0, 0.94, 0.88], dtype=np.float32), 0.04)
    lights = _lights(size, rng)
    return picture(saturated(1 - (1 - warm) * (1 - lights), 1.2))


def _lights(size: int, rng: np.random.Generator) -> Plane:
    """Return discs of light out of focus, near the picture's edges."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    found = np.zeros((size, size, 3), dtype=np.float32)
    for _ in range(_LIGHTS):
        side, along, radius = rng.integers(4), rng.uniform(0, 1), rng.uniform(0.04, 0.09)
        edge = rng.uniform(0.0, 0.12)
        cx, cy = ((edge, along), (1 - edge, along), (along, edge), (along * 0.3, 1 - edge))[side]
        away = np.sqrt((x - cx) ** 2 + (y - cy) ** 2)
        disc = (1 - ramp(away, radius * 0.85, radius)) * 0.2
        found += disc[..., None] * np.array([1.0, rng.uniform(0.8, 1), rng.uniform(0.6, 0.9)], dtype=np.float32)
    return found
