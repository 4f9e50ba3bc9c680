"""Pictures on paper: opened with care, saved with their settings, laid out on a sheet."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw, ImageFont

from animegen.errors import InvalidRequest
from animegen.pictures import metadata
from animegen.pictures.infotext import write
from animegen.pictures.pillow import DAMAGED, quiet
from animegen.pictures.sources import turned

if TYPE_CHECKING:
    from animegen.tasks import Picture

MEGAPIXELS: Final = 24
MAX_PIXELS: Final = MEGAPIXELS * 1_000_000
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "png": {"format": "PNG", "compress_level": 1},
    "jpg": {"format": "JPEG", "quality": 95, "subsampling": 0},
    "webp": {"format": "WEBP", "quality": 95, "method": 4},
}
"""How pictures are saved, by the ends of their names; only PNG loses nothing."""


def open_picture(source: Path | IO[bytes]) -> Image.Image:
    """Return a picture decoded, upright, its first frame only; its ``info`` is still the file's.

    Raises InvalidRequest when it is no picture, is damaged, or has more than MAX_PIXELS by its header,
    which is read before anything is decoded.
    """
    try:
        with quiet(), Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InvalidRequest(
                    "pictures.too_many_pixels", width=image.width, height=image.height, limit=MEGAPIXELS
                )
            return turned(image)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise InvalidRequest("pictures.far_too_many_pixels", limit=MEGAPIXELS) from error
    except DAMAGED as error:
        raise InvalidRequest("pictures.not_a_picture") from error


def save(picture: "Picture", folder: Path, kind: str = "png") -> Path:
    """Save a picture with its settings as ``<next free number>-<seed>.<kind>`` and return the path.

    ``kind`` is one of KINDS. Nothing is ever overwritten, also when others save into the folder at the same moment.
    Raises OSError, and InvalidRequest when the kind cannot hold the picture or its settings.
    """
    return save_new(encoded(picture, kind), folder, f"{picture.seed}.{kind}")


def save_new(data: bytes, folder: Path, name: str) -> Path:
    """Save a file as ``<next free number>-<name>`` and return the path; nothing is overwritten. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(_last_number(folder) + 1):
        path = folder / f"{number:05d}-{name}"
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        except OSError:  # a full disk: half a picture is none
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError("numbers never end")


def new_folder(folder: Path, name: str) -> Path:
    """Make ``<next free number>-<name>`` in a folder and return it. Raises OSError."""
    for number in count(_last_number(folder) + 1):
        path = folder / f"{number:05d}-{name}"
        with suppress(FileExistsError):
            path.mkdir(parents=True)
            return path
    raise AssertionError("numbers never end")


def encoded(picture: "Picture", kind: str = "png") -> bytes:
    """Return a picture as a file of one of KINDS that carries its settings.

    Raises InvalidRequest where a JPEG would have to be transparent, or hold more settings than it can.
    """
    text, data = write(picture.task, picture.model, picture.lora_hashes), BytesIO()
    if kind == "jpg" and picture.image.has_transparency_data:
        raise InvalidRequest("pictures.jpeg_transparent")
    marks = {"pnginfo": metadata.chunk(text)} if kind == "png" else {"exif": metadata.exif(text)}
    try:
        picture.image.save(data, **KINDS[kind], **marks)
    except ValueError as problem:
        raise InvalidRequest("pictures.jpeg_settings") from problem
    return data.getvalue()


def _last_number(folder: Path) -> int:
    numbers = (re.match(r"(\d{5,})-", path.name) for path in folder.glob("*"))
    return max((int(match[1]) for match in numbers if match), default=0)


def sheet(images: Sequence[Image.Image], columns: int, labels: Sequence[str] | None = None) -> Image.Image:
    """Return the pictures in rows of ``columns``, on white, each with its label beneath where there are labels."""
    width, height = (max(image.size[side] for image in images) for side in (0, 1))
    size = max(10, height // 12)
    band = size + size // 2 if labels else 0
    rows = -(-len(images) // columns)
    page = Image.new("RGB", (columns * width, rows * (height + band)), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size)
    for at, image in enumerate(images):
        left, top = at % columns * width, at // columns * (height + band)
        page.paste(image, (left, top))
        if labels:
            draw.text((left + width / 2, top + height + band / 2), labels[at], "black", font, anchor="mm")
    return page
