"""Frames as one file that carries their settings: GIF, animated WebP, MP4, or a zip of PNGs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.pictures import infotext
from animegen.pictures.files import encoded, open_picture, sheet
from animegen.pictures.metadata import exif, parameters
from animegen.tasks import Animation, EmotionPath, Picture, Task

NONE: Final = "none"
FORMATS: Final = ("gif", "webp", "mp4", "zip")
SLOWEST, FASTEST = 1, 30
"""Frames a second."""
MP4: Final = re.compile(rb".{4}ftyp(iso.|mp4.|avc1)", re.DOTALL)
"""How a film begins; HEIF pictures begin alike, with another brand (ISO/IEC 14496-12, 4.3)."""
QUALITY: Final = "16"
"""The constant rate factor of x264: 0 loses nothing, 51 nearly all; drawn lines show no loss at 16."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Film:
    """How frames follow each other: ``format``, ``frame_rate`` a second, forwards and backwards with ``ping_pong``.

    Raises InvalidRequest when one of them cannot be.
    """

    format: str = "gif"
    frame_rate: float = 8.0
    ping_pong: bool = False

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise InvalidRequest("pictures.film_format", name=repr(self.format), choices=FORMATS)
        rate = self.frame_rate
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not SLOWEST <= rate <= FASTEST:
            raise InvalidRequest("pictures.frame_rate", low=SLOWEST, high=FASTEST)
        if not isinstance(self.ping_pong, bool):
            raise InvalidRequest("pictures.ping_pong")


def wanted(kind: str, frame_rate: float, ping_pong: bool) -> Film | None:
    """Return the requested film, None where the kind is ``none``; what cannot be is refused either way."""
    how = Film(format=FORMATS[0] if kind == NONE else kind, frame_rate=frame_rate, ping_pong=ping_pong)
    return None if kind == NONE else how


def settings(path: Path) -> str | None:
    """Return the settings that a file of a picture or a film carries, None where it carries none.

    Raises InvalidRequest when they are another program's and not understood, or the file is neither.
    """
    with path.open("rb") as file:
        film = MP4.match(file.read(12))
    return _comment(path) if film else parameters(open_picture(path))


def film(pictures: Sequence[Picture], how: Film, request: EmotionPath | Animation) -> bytes:
    """Return the file of some pictures of one size; a zip holds each frame once, named by its place.

    The file carries the settings that draw all its frames again: as the comment of a GIF or MP4, as EXIF in a WebP,
    and in each PNG of a zip those of that frame.
    """
    if how.format == "zip":
        return _zip(pictures)
    settings = infotext.write(_whole(pictures[0], request), pictures[0].model, pictures[0].lora_hashes)
    images = [picture.image.convert("RGB") for picture in pictures]
    if how.ping_pong:
        images += images[-2:0:-1]
    return _mp4(images, how.frame_rate, settings) if how.format == "mp4" else _moving(images, how, settings)


def bar(pictures: Sequence[Picture], request: EmotionPath) -> Picture:
    """Return the frames of a path as one picture, a row a path, whose request draws them all again."""
    first = pictures[0]
    image = sheet([picture.image for picture in pictures], columns=len(pictures) // len(request.pairs))
    if not isinstance(first.task, EmotionPath):
        raise TypeError("only the frames of a path make a bar")
    return replace(first, image=image, task=_whole(first, request))


def _whole(first: Picture, request: EmotionPath | Animation) -> Task:
    """Return the first frame's request, of as many frames and paths as the whole request."""
    parts = ("from_emotion", "to_emotion", "frame")
    changes: dict[str, Any] = {name: getattr(request, name) for name in parts if hasattr(request, name)}
    return replace(first.task, **changes)


def _moving(images: Sequence[Image.Image], how: Film, settings: str) -> bytes:
    """Return a GIF or WebP that begins again for ever; a GIF has 256 colours a frame and hundredths of a second."""
    data = BytesIO()
    first, *others = images
    webp: dict[str, Any] = {"quality": 95, "method": 4, "exif": exif(settings)}
    options = webp if how.format == "webp" else {"comment": settings}
    lasting = round(1000 / how.frame_rate)
    first.save(data, how.format, save_all=True, append_images=others, duration=lasting, loop=0, **options)
    return data.getvalue()


def _mp4(images: Sequence[Image.Image], frame_rate: float, settings: str) -> bytes:
    """Return an H.264 film that every browser plays; an odd side is made even by its last row or column again."""
    import av

    data = BytesIO()
    width, height = (side + side % 2 for side in images[0].size)
    with av.open(data, "w", format="mp4") as container:
        container.metadata["comment"] = settings
        stream = container.add_stream("libx264", rate=Fraction(frame_rate).limit_denominator(1000))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": QUALITY}
        for image in images:
            pixels = np.asarray(image)
            even = np.pad(pixels, ((0, height - image.height), (0, width - image.width), (0, 0)), mode="edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        container.mux(stream.encode())
    return data.getvalue()


def _comment(path: Path) -> str | None:
    """Return the comment of an MP4 if it holds settings.

    The format is given, so that no file is taken for a list of others that would be opened too.
    """
    import av

    try:
        with av.open(str(path), format="mp4") as container:
            comment = container.metadata.get("comment", "")
    except (av.FFmpegError, ValueError) as error:
        raise InvalidRequest("pictures.not_a_film") from error
    return comment if infotext.read(comment).pairs else None


def _zip(pictures: Sequence[Picture]) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w", ZIP_STORED) as archive:  # PNGs are packed already
        for number, picture in enumerate(pictures, start=1):
            archive.writestr(f"{number:03d}.png", encoded(picture))
    return data.getvalue()
