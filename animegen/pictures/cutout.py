"""Cutting a character out of its background: how opaque each pixel is, and its colour without what shines through.

A pixel on an edge is ``alpha`` of the character and the rest of the background (Porter and Duff 1984). A plain
background is the colour of the picture's rim, as it changes over the picture, with all that joins it; the character's
colour on an edge is taken from just inside of it; alpha is where the pixel lies between the two. Before any other
background somebody else has to say how opaque each pixel is.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Bits = NDArray[np.bool_]
Matte = Callable[[Image.Image], Floats | None]
"""Returns the alpha of who stands in a picture, [height, width] from 0 to 1, None where nobody is found."""
EVEN: Final = 30.0
"""How far (in grey levels, by the length of the difference in RGB) the background may be from its own colour."""
PLAIN: Final = 0.9
"""The share of the rim, above the shoulders, that must be of one colour in a picture that can be cut out."""
CLOSED_IN: Final = 8.0
"""How near a spot that the character closes in must be to the background's colour to be a part of it."""
SURFACES: Final = 4
"""How often the background's colour is fitted anew to what was found to be background."""
OPAQUE: Final = 0.99
"""From which alpha on nothing shines through that could be seen."""


def sprites(images: Sequence[Image.Image], neutral: Image.Image) -> tuple[Image.Image, ...]:
    """Return pictures of one character as RGBA, all in the outline of the neutral one.

    What stands out beyond it, a tear or a mark, is added. Where the background is not plain they come back as they are.
    """
    shared = matte(neutral)
    if shared is None:
        return tuple(images)
    outlines = [matte(image) for image in images]
    whole = [shared if own is None else np.maximum(shared, own) for own in outlines]
    return tuple(cut(image, alpha) for image, alpha in zip(images, whole, strict=True))


def matted(images: Sequence[Image.Image], neutral: Image.Image, own: Matte) -> Iterator[Image.Image]:
    """Yield pictures of one character before any background as ``sprites`` returns them; ``own`` finds the character.

    It is asked only of pictures in which something may stand out: that differ from the neutral one beyond its outline.
    """
    shared = own(neutral)
    for image in images:
        if shared is None:
            yield image
        else:
            yield cut(image, _widened(shared, image, neutral, own), plain=False)


def _widened(shared: Floats, image: Image.Image, neutral: Image.Image, own: Matte) -> Floats:
    """Return the outline of the neutral picture, and of another one what stands out where the two differ."""
    changed = (np.asarray(image) != np.asarray(neutral)).any(axis=2)
    if (shared[changed] > OPAQUE).all():
        return shared
    found = own(image)
    return shared if found is None else np.where(changed, np.maximum(shared, found), shared)


def matte(image: Image.Image) -> Floats | None:
    """Return the alpha of who stands before a plain background, [height, width] from 0 to 1, None where none is plain.

    Edges, two pixels of 256, are soft.
    """
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    if (_rim(np.linalg.norm(pixels - _rim_colour(pixels), axis=2)) < EVEN).mean() < PLAIN:
        return None
    behind = backdrop(pixels)
    distance = np.linalg.norm(pixels - behind, axis=2)
    reach = _reach(image)
    near = (distance < EVEN) | _specks(distance >= EVEN, most=(2 * reach) ** 2)
    outside = _joined_to_rim(near)
    outside |= _closed_in((distance < CLOSED_IN) & ~outside)
    inside = ~_grown(outside, reach)
    edge = _spread(pixels, (inside, ~outside), reach) - behind
    share = ((pixels - behind) * edge).sum(axis=2) / np.maximum((edge * edge).sum(axis=2), 1.0)
    alpha = np.where(inside, 1.0, share.clip(0, 1))
    alpha[~_grown(~outside, reach)] = 0
    return alpha.astype(np.float32)


def cut(image: Image.Image, alpha: Floats, *, plain: bool = True) -> Image.Image:
    """Return the picture as RGBA under a matte; the background's colour is taken out of its half-transparent edges.

    That colour is the same everywhere in a ``plain`` background; in another one it is that of what is near.
    """
    pixels, reach = np.asarray(image.convert("RGB"), dtype=np.float32), _reach(image)
    opacity = alpha[..., None]
    behind = backdrop(pixels) if plain else _spread(pixels, (alpha == 0,), reach)
    own = (pixels - (1 - opacity) * behind) / np.maximum(opacity, 1 / 255)
    near = _spread(pixels, (alpha > OPAQUE, alpha > 0.25), reach)
    colour = np.where(opacity > 0.25, own, near)  # so little of a colour says nothing of it
    layers = np.concatenate([colour.clip(0, 255), opacity * 255], axis=2)
    layers[alpha == 0] = 0
    return Image.fromarray(layers.round().astype(np.uint8), "RGBA")


def backdrop(pixels: Floats) -> Floats:
    """Return the background's colour at each pixel, [height, width, 3].

    It begins as what most of the rim has; then, a few times, a surface of the second degree is laid through all that is
    near it and joins the rim, since a drawn background is seldom as bright below as above.
    """
    behind = np.broadcast_to(_rim_colour(pixels), pixels.shape)
    height, width = pixels.shape[:2]
    down, across = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = np.stack([np.ones_like(down), down, across, down**2, down * across, across**2], axis=2)
    for _ in range(SURFACES):
        near = _joined_to_rim(np.linalg.norm(pixels - behind, axis=2) < EVEN)
        if near.sum() < terms.shape[2]:
            break
        surface, *_ = np.linalg.lstsq(terms[near], pixels[near], rcond=None)
        behind = (terms @ surface).astype(np.float32)
    return behind


def _rim_colour(pixels: Floats) -> Floats:
    """Return the colour [3] that most of the rim has."""
    colour: Floats = np.median(_rim(pixels), axis=0).astype(np.float32)
    return colour


def _rim(values: Any) -> Any:
    """Return the pixels along the top and the upper halves of both sides: below them is the body."""
    half = len(values) // 2
    return np.concatenate([values[0], values[:half, 0], values[:half, -1]])


def _reach(image: Image.Image) -> int:
    """Return how many pixels an edge is wide."""
    return max(1, round(min(image.size) / 128))


def _joined_to_rim(near: Bits) -> Bits:
    """Return which of the pixels hang together with the top or a side; at the bottom stand the clothes."""
    page = np.pad(near, ((1, 0), (1, 1)), constant_values=True).astype(np.uint8)
    cv2.floodFill(page, None, (0, 0), 2)
    joined: Bits = page[1:, 1:-1] == 2
    return joined


def _specks(mask: Bits, most: int) -> Bits:
    """Return which of the pixels lie in spots of at most so many of them, as an autoencoder leaves in a corner."""
    _, spots, sizes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    specks: Bits = mask & (sizes[spots, cv2.CC_STAT_AREA] <= most)
    return specks


def _closed_in(near: Bits) -> Bits:
    """Return which of the pixels lie in spots that are at least three pixels wide and high."""
    page = near.astype(np.uint8)
    seeds = cv2.erode(page, _square(1), borderType=cv2.BORDER_REPLICATE) == 1
    _, spots = cv2.connectedComponents(page, connectivity=4)
    wide: Bits = near & np.isin(spots, np.unique(spots[seeds]))
    return wide


def _grown(mask: Bits, reach: int) -> Bits:
    grown: Bits = cv2.dilate(mask.astype(np.uint8), _square(reach)) > 0
    return grown


def _square(reach: int) -> NDArray[np.uint8]:
    return np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)


def _spread(pixels: Floats, known: Sequence[Bits], reach: int) -> Floats:
    """Return the mean colour of the known pixels around each pixel: of the first kind of them, or else of the next."""
    found = pixels
    for kind in reversed(known):
        weight = _blurred(kind.astype(np.float32), 3 * reach)[..., None]
        colours = [_blurred(pixels[..., channel] * kind, 3 * reach) for channel in range(3)]
        found = np.where(weight > 1e-4, np.stack(colours, axis=2) / np.maximum(weight, 1e-4), found)
    return found


def _blurred(values: Floats, reach: int) -> Floats:
    """Return the mean of the square around each pixel that is ``reach`` pixels larger on each side.

    ``cv2.blur`` sums in another order, which changes one value of 17,000 by a level: sprites would not stay the same.
    """
    for axis in (0, 1):
        margins = [(reach, reach) if axis == each else (0, 0) for each in (0, 1)]
        windows = sliding_window_view(np.pad(values, margins, mode="edge"), 2 * reach + 1, axis=axis)
        values = windows.mean(axis=-1, dtype=np.float32)
    return values
