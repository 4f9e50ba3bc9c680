"""Captions of tags written beside pictures, whose tags a reader says: no network is met here."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from animegen.datasets import side_files
from animegen.datasets.files import CAPTIONS
from animegen.datasets.pictures import open_still
from animegen.datasets.tags import Tag, compose_caption
from animegen.errors import DatasetRefused, InvalidRequest
from animegen.messages import Message, message

Read = Callable[[Image.Image], Sequence[Tag]]
"""Returns the tags of a picture."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Captioned:
    """A picture, its caption, and what was done: a failed one has no caption and a ``reason``."""

    picture: Path
    done: Literal["written", "kept", "failed"]
    caption: str = ""
    reason: Message | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What captions are to be like, and whether they are written, also over existing ones."""

    trigger: str = ""
    exclude: tuple[str, ...] = ()
    overwrite: bool = False
    write: bool = True


def tag(folder: Path, read: Read, wishes: Wishes) -> Iterator[Captioned]:
    """Caption each picture of a folder and its sub-folders that has no caption yet.

    Raises DatasetRefused when there is no picture, or a caption cannot be written.
    """
    entries = side_files.entries(folder.rglob("*"))
    if not entries:
        raise DatasetRefused("datasets.tag_no_pictures", folder=str(folder))
    for each in entries:
        if each.captions and not wishes.overwrite:
            yield Captioned(picture=each.picture, done="kept")
        elif each.shared:
            yield Captioned(picture=each.picture, done="failed", reason=message("datasets.same_name"))
        else:
            yield _tag(each.picture, read, wishes)


def _tag(picture: Path, read: Read, wishes: Wishes) -> Captioned:
    try:
        image = open_still(picture)
    except InvalidRequest as problem:
        return Captioned(picture=picture, done="failed", reason=problem.message)
    caption = compose_caption(read(image), trigger=wishes.trigger, exclude=wishes.exclude)
    if caption == wishes.trigger:
        return Captioned(picture=picture, done="failed", reason=message("datasets.tag_none"))
    if wishes.write:
        side_files.write(picture.with_suffix(CAPTIONS[0]), f"{caption}\n")
    return Captioned(picture=picture, done="written", caption=caption)
