"""The files beside a training picture: its captions, and what is known of its origin."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from animegen.datasets.files import CAPTIONS, ORIGIN, PICTURES
from animegen.errors import DatasetRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A picture with the files that belong to it; they are ``shared`` where another picture has the same name."""

    picture: Path
    beside: tuple[Path, ...]
    shared: bool

    @property
    def captions(self) -> tuple[Path, ...]:
        """The captions, the preferred one first."""
        ends = [path for path in self.beside if path.suffix.lower() in CAPTIONS]
        return tuple(sorted(ends, key=lambda path: CAPTIONS.index(path.suffix.lower())))


def entries(files: Iterable[Path]) -> list[Entry]:
    """Return the pictures of some files, in order of their paths; hidden ones are none."""
    pictures, beside = defaultdict(list), defaultdict(list)
    for path in sorted(each for each in files if each.is_file() and not each.name.startswith(".")):
        end = path.suffix.lower()
        if end in PICTURES:
            pictures[path.with_suffix("")].append(path)
        elif end in (*CAPTIONS, ORIGIN):
            beside[path.with_suffix("")].append(path)
    return [
        Entry(picture=path, beside=tuple(beside[name]), shared=len(paths) > 1)
        for name, paths in pictures.items()
        for path in paths
    ]


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises DatasetRefused where it cannot be written."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8", newline="\n")
        aside.replace(path)
    except OSError as problem:
        raise DatasetRefused("datasets.side_unwritable", file=str(path), why=str(problem.strerror)) from problem
    finally:
        aside.unlink(missing_ok=True)
