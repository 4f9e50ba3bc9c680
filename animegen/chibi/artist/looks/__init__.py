"""The looks: ways to finish a drawn picture as another technique would, each a small version of the real one."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from PIL import Image

from animegen.chibi.artist.looks import dry, lens, wet

__all__ = ["LOOKS", "finish"]

LOOKS: Final[Mapping[str, Callable[[Image.Image, np.random.Generator], Image.Image]]] = MappingProxyType(
    {
        "impressionist": wet.impressionist,
        "soft_focus": lens.soft_focus,
        "oil_painting": wet.oil_painting,
        "sketch": dry.sketch,
        "pastel": dry.pastel,
        "watercolor": wet.watercolor,
        "manga": dry.manga,
    }
)
"""Each look by its name in the prompts' table of styles."""


def finish(image: Image.Image, look: str, seed: int = 0) -> Image.Image:
    """Return an RGB picture in a look; the same picture, look and seed (not negative) give the same bytes.

    Raises ValueError on a look outside LOOKS.
    """
    if look not in LOOKS:
        raise ValueError(f"look must be one of {', '.join(LOOKS)}, not {look!r}")
    return LOOKS[look](image.convert("RGB"), np.random.default_rng(seed))
