"""Contact sheets of the artist: `python -m animegen.chibi.build.sheets FILE` draws unchosen people in every emotion."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PIL import Image

from animegen.chibi.artist import draw
from animegen.chibi.character import VOCABULARY, characters
from animegen.images import sheet

STRENGTH: Final = 0.85


def faces(seed: int = 0, count: int = 6, size: int = 384) -> Image.Image:
    """Return a row for the neutral face and for each emotion, a column a character, all without marks."""
    felt: list[dict[str, Any]] = [{"strength": 0.0}]
    felt += [{"emotion": emotion, "strength": STRENGTH} for emotion in VOCABULARY["emotion"]]
    return _grid(felt, seed, count, size, marks="none")


def marks(seed: int = 0, count: int = 4, size: int = 384) -> Image.Image:
    """Return a row for each mark, a column a character."""
    return _grid([{"marks": mark} for mark in VOCABULARY["marks"]], seed, count, size)


def _grid(rows: list[dict[str, Any]], seed: int, count: int, size: int, **always: Any) -> Image.Image:
    people = characters("train", seed, count)
    pictures = [draw(replace(person, **(always | change)), size) for change in rows for person in people]
    return sheet(pictures, columns=count)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    faces().save(file)
    marks().save(file.with_stem(f"{file.stem}-marks"))
