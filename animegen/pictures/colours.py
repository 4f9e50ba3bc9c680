"""Colours of any picture as 8-bit sRGB: bit depth, colour profile and transparency resolved, and what that took."""

from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageCms

from animegen.errors import InvalidRequest
from animegen.messages import Message, message
from animegen.pictures.pillow import DAMAGED

BEHIND: Final = "white"
"""The colour behind a transparent picture."""
DEEP: Final = ("I", "F")
"""Modes of 32 bits, whose black and white nobody has agreed on."""
WHITE: Final = 65_535
NARROW: Final = WHITE // 8
"""A 16-bit picture without a brighter value comes from a device of fewer bits and would be nearly black."""
DARK: Final = 32
"""A picture without a brighter value, of 255, shows nothing."""
GREY: Final = ("1", "L", "LA", "La")
SPACES: Final = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""The modes of Pillow by the colour spaces of profiles (ICC.1:2022, 7.2.8)."""
PROFILE_UNREADABLE: Final = message("pictures.profile_unreadable")

Converted = tuple[Image.Image, tuple[Message, ...]]


def to_srgb(image: Image.Image, behind: str = BEHIND) -> Converted:
    """Return a picture in 8-bit sRGB with nothing else in it, transparency on a colour, and notes on that.

    Raises InvalidRequest where its numbers have no agreed black and white (32 bits a colour).
    """
    if image.mode in DEEP:
        raise InvalidRequest("pictures.bits")
    shallow, depth = _eight_bits(image)
    coloured, profile = _profiled(_opaque(shallow))
    page, transparent = _on_paper(coloured, opacity(shallow), behind)
    page.info = {}
    dark = (message("pictures.nearly_black"),) if np.asarray(page).max() <= DARK else ()
    return page, (*depth, *profile, *transparent, *dark)


def opacity(image: Image.Image) -> Image.Image | None:
    """Return the alpha channel of a picture, None where every pixel is opaque."""
    if image.mode.startswith("I;16") or not image.has_transparency_data:
        return None
    alpha = image.convert("RGBA").getchannel("A")
    return None if alpha.getextrema() == (255, 255) else alpha  # programs save an alpha channel that nothing needs


def _eight_bits(image: Image.Image) -> Converted:
    """Return 16-bit grey as 8-bit grey; converting alone would make everything above 255 white."""
    if not image.mode.startswith("I;16"):
        return image, ()
    values = np.asarray(image).astype(np.uint32)
    narrow = 0 < (highest := int(values.max())) < NARROW
    grey = Image.fromarray((values * 255 // (highest if narrow else WHITE)).astype(np.uint8))
    grey.info = {name: image.info[name] for name in ("icc_profile",) if name in image.info}
    return grey, ((message("pictures.brightened", levels=highest, all=WHITE),) if narrow else ())


def _opaque(image: Image.Image) -> Image.Image:
    """Return the colours of a picture without its alpha channel, palette or transparent colour."""
    if image.mode in GREY:
        return image.convert("L")
    return image if image.mode == "CMYK" else image.convert("RGBA").convert("RGB")


def _profiled(image: Image.Image) -> Converted:
    """Return an opaque picture in sRGB: converted from its own profile where it has one that can be read."""
    if not (data := image.info.get("icc_profile")):
        return image.convert("RGB"), ((message("pictures.cmyk_without_profile"),) if image.mode == "CMYK" else ())
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        mode = SPACES[profile.profile.xcolor_space]
        if mode != image.mode and (mode, image.mode) != ("RGB", "L"):
            return image.convert("RGB"), (PROFILE_UNREADABLE,)
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image.convert(mode), profile, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, *DAMAGED):
        return image.convert("RGB"), (PROFILE_UNREADABLE,)
    return converted or image.convert("RGB"), ()


def _on_paper(image: Image.Image, alpha: Image.Image | None, behind: str) -> Converted:
    """Return an RGB picture with what its alpha channel leaves transparent on a colour."""
    if alpha is None:
        return image, ()
    page = Image.new("RGB", image.size, behind)
    page.paste(image, mask=alpha)
    return page, (message("pictures.transparent"),)
