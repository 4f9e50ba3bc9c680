"""Pictures on paper: opened with care, saved with their settings, laid out on a sheet."""

import json
import re
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from PIL import ExifTags, Image, ImageDraw, ImageFont, ImageOps
from PIL.PngImagePlugin import PngInfo

from animegen.errors import InvalidRequest
from animegen.infotext import read, write

if TYPE_CHECKING:
    from animegen.tasks import Picture

MAX_PIXELS: Final = 24_000_000
KEY: Final = "parameters"
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
DAMAGED: Final = (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError, struct.error)
"""What Pillow raises on files that are damaged, or made to be."""
STRANGERS: Final = {
    "ComfyUI": ("workflow", "prompt"),
    "InvokeAI": ("invokeai_metadata", "invokeai_graph", "sd-metadata"),
    "NovelAI": ("Comment",),
}
"""Programs whose settings are kept under other keys, which nobody here reads."""


def open_picture(source: Path | IO[bytes]) -> Image.Image:
    """Return a picture decoded, upright, its first frame only; its ``info`` is still the file's.

    Raises InvalidRequest when it is no picture, is damaged, or has more than MAX_PIXELS by its header,
    which is read before anything is decoded.
    """
    try:
        with Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(f"The picture has {image.width}x{image.height} pixels")
            image.load()
            return ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise _too_large("The picture has far too many pixels") from error
    except DAMAGED as error:
        raise InvalidRequest("This file is not a picture that can be read; use PNG, JPEG or WebP.") from error


def _too_large(what: str) -> InvalidRequest:
    return InvalidRequest(f"{what}; make it smaller, at most {MAX_PIXELS // 1_000_000} million pixels.")


def with_parameters(image: Image.Image, text: str) -> Image.Image:
    """Return a copy whose ``info`` holds the settings and nothing else, as a PNG writer takes them."""
    marked = image.copy()
    marked.info = {KEY: text}
    return marked


def save_png(picture: "Picture", folder: Path) -> Path:
    """Save a picture with its settings as ``<next free number>-<seed>.png`` and return the path.

    Nothing is ever overwritten, also when others save into the folder at the same moment. Raises OSError.
    """
    return save_new(png(picture), folder, f"{picture.seed}.png")


def save_new(data: bytes, folder: Path, name: str) -> Path:
    """Save a file as ``<next free number>-<name>`` and return the path; nothing is overwritten. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(_last_number(folder) + 1):
        path = folder / f"{number:05d}-{name}"
        with suppress(FileExistsError), path.open("xb") as file:
            file.write(data)
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


def png(picture: "Picture") -> bytes:
    """Return a picture as a PNG file that carries its settings."""
    chunk, data = PngInfo(), BytesIO()
    chunk.add_text(KEY, write(picture.task, picture.model))
    picture.image.save(data, "PNG", pnginfo=chunk, compress_level=1)
    return data.getvalue()


def exif(text: str) -> Image.Exif:
    """Return the data in which JPEG and WebP files carry settings, where A1111 keeps them."""
    data = Image.Exif()
    data.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"UNICODE\0" + text.encode("utf-16-be")
    return data


def _last_number(folder: Path) -> int:
    numbers = (re.match(r"(\d{5,})-", path.name) for path in folder.glob("*"))
    return max((int(match[1]) for match in numbers if match), default=0)


def read_parameters(source: Path | Image.Image) -> str | None:
    """Return the settings that a picture carries, None where it carries none.

    Raises InvalidRequest when they are another program's and not understood, or the file is no picture.
    """
    image = source if isinstance(source, Image.Image) else open_picture(source)
    text = image.info.get(KEY) or _user_comment(image) or _comment(image)
    if isinstance(text, str) and text.strip():
        return text
    for program, keys in STRANGERS.items():
        if any(_is_data(image.info, key) for key in keys):
            raise InvalidRequest(f"This picture's settings are {program}'s and not understood here; type them in.")
    return None


def _is_data(info: Mapping[str | tuple[int, int], object], key: str) -> bool:
    """Say whether a text chunk holds settings, not a remark in plain words."""
    try:
        return isinstance(json.loads(str(info[key])), dict | list)
    except (KeyError, ValueError):
        return False


def _user_comment(image: Image.Image) -> str:
    """Return the comment of JPEG and WebP files in which A1111 keeps settings, empty where there is none."""
    try:
        comment = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment, b"")
    except (OSError, SyntaxError, ValueError):  # a damaged directory holds no settings
        return ""
    if isinstance(comment, bytes) and comment.startswith(b"UNICODE\0"):
        return comment[8:].decode("utf-16-be", "replace")
    return ""


def _comment(image: Image.Image) -> str:
    """Return the comment of a GIF where it holds settings; many programs only leave their names there."""
    comment = image.info.get("comment", b"")
    text = comment.decode("utf-8", "replace") if isinstance(comment, bytes) else ""
    return text if read(text).pairs else ""


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
