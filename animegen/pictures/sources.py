"""The picture that a drawing begins with: any size and mode in, upright RGB at a size the model draws out."""

from dataclasses import dataclass
from hashlib import sha256
from math import sqrt

import numpy as np
from PIL import Image, ImageOps

from animegen.messages import Message, message
from animegen.pictures.colours import to_srgb
from animegen.pictures.pillow import DAMAGED, quiet


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides that a model draws, in pixels: its own, the shortest, the longest, and the step between them."""

    own: int
    low: int
    high: int
    step: int

    def of(self, width: int, height: int) -> tuple[int, int]:
        """Return the size to draw a picture of this size at: its own where the model can, else the model's area.

        Each side goes to the nearest step.
        """
        able = all(self.low <= side <= self.high for side in (width, height))
        scale = 1.0 if able else self.own / sqrt(width * height)
        return self._near(width * scale), self._near(height * scale)

    def _near(self, side: float) -> int:
        return min(max(round(side / self.step) * self.step, self.low), self.high)


def upright(image: Image.Image) -> tuple[Image.Image, tuple[Message, ...]]:
    """Return a picture turned as its EXIF says, in 8-bit sRGB with nothing else in it, and notes on that.

    Raises InvalidRequest where its numbers have no agreed black and white (32 bits a colour).
    """
    return to_srgb(turned(image))


def turned(image: Image.Image) -> Image.Image:
    """Return a copy of a picture turned as its EXIF says; as it lies where its EXIF is damaged."""
    image.load()
    try:
        with quiet():
            return ImageOps.exif_transpose(image)
    except DAMAGED:
        return image.copy()


def fitted(image: Image.Image, size: tuple[int, int], how: str = "fit") -> tuple[Image.Image, tuple[Message, ...]]:
    """Return an RGB picture at a size, its shape kept, and a note on that.

    Where the shapes differ, ``fit`` cuts a tall picture below, where no head is, and a wide one on both sides; ``crop``
    keeps the middle; ``pad`` keeps all, with the colour of the border around it.
    """
    if image.size == size:
        return image, ()
    (wide, high), (width, height) = image.size, size
    scale, tall = max(width / wide, height / high), high * width > wide * height
    top = tall and how == "fit"
    if same := wide * scale < width + 1 and high * scale < height + 1:
        change = "resized"
    elif how == "pad":
        change = "padded"
    elif how == "crop":
        change = "cropped"
    else:
        change = "cropped_below" if tall else "cropped_sides"
    note = message(f"pictures.{change}", size=f"{wide}x{high}", drawn=f"{width}x{height}")
    if how == "pad" and not same:
        return ImageOps.pad(image, size, Image.Resampling.LANCZOS, _border(image, sides=tall)), (note,)
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=(0.5, 0.0 if top else 0.5)), (note,)


def _border(image: Image.Image, *, sides: bool) -> tuple[int, ...]:
    """Return the usual colour of a picture's left and right sides, or of its top and bottom."""
    pixels = np.asarray(image)
    ends = pixels[:, [0, -1]] if sides else pixels[[0, -1]]
    return tuple(int(value) for value in np.median(ends.reshape(-1, 3), axis=0))


def digest(image: Image.Image) -> str:
    """Return what distinguishes pictures: sha256 over its size and its pixels, in hexadecimal."""
    head = f"{image.mode} {image.width}x{image.height}\n".encode()
    return sha256(head + image.tobytes()).hexdigest()
