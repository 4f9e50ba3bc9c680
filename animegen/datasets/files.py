"""Files of a data folder: pictures become samples, text becomes lines, and what is wrong with them becomes a fault."""

import os
from pathlib import Path
from typing import Final

from animegen.datasets.dataset import Fault, Ignored, Sample
from animegen.datasets.pictures import open_still
from animegen.errors import InvalidRequest
from animegen.messages import message
from animegen.pictures.colours import opacity

PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
CAPTIONS: Final = (".txt", ".caption")
"""Ends of the names of captions, the preferred one first."""
ORIGIN: Final = ".json"
"""End of the name of the file beside a picture that says where it is from."""


def leaves(path: Path, root: Path) -> bool:
    """Return whether a path leads out of the folder, by ``..`` or by a symbolic link."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def shown(path: Path) -> str:
    """Return a path as it can be printed, also where its name is not UTF-8."""
    return str(path).encode(errors="backslashreplace").decode()


def not_used(path: Path) -> Ignored:
    """Return a file or folder that is neither a picture nor a caption, with the reason why it is not used."""
    return Ignored(path=path, reason=message("datasets.deeper_folder" if path.is_dir() else "datasets.no_picture"))


def read_sample(path: Path, root: Path, *, words: str, caption: str | None, repeats: int) -> Sample | Fault:
    """Return a picture as a sample, or what is wrong with it; it is decoded, so that nothing breaks later."""
    if leaves(path, root):
        return Fault(path=path, reason=message("datasets.leaves_folder"))
    if shown(path) != str(path):
        return Fault(path=path, reason=message("datasets.odd_name"))
    try:
        image = open_still(path)
    except InvalidRequest as problem:
        return Fault(path=path, reason=problem.message)
    return Sample(
        path=path,
        caption=words if caption is None else caption,
        folder_words=words,
        captioned=caption is not None,
        repeats=repeats,
        size=image.size,
        transparent=opacity(image) is not None,
    )


def read_lines(path: Path, root: Path) -> list[str] | Fault:
    """Return the lines of a text, stripped, or what is wrong with it: it must be UTF-8, with or without a BOM."""
    if leaves(path, root):
        return Fault(path=path, reason=message("datasets.leaves_folder"))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return Fault(path=path, reason=message("datasets.not_utf8"))
    except OSError as problem:
        return Fault(path=path, reason=message("datasets.unreadable", problem=problem.strerror))
    if "\0" in text:  # UTF-16 without a BOM
        return Fault(path=path, reason=message("datasets.not_utf8"))
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
