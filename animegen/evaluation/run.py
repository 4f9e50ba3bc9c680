"""A run of an evaluation: a given sampler draws every item, a given observer reads the picture, each result is a line.

A stopped run resumes. What draws and what reads is the caller's: nothing here knows a pipeline.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from PIL.Image import Image

from animegen.errors import EvaluationFailed

Item = TypeVar("Item")
LINES = "observations.jsonl"
PICTURES = "pictures"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What was observed of one item, the seconds that drawing and reading took, and what drew it."""

    key: str
    observed: Mapping[str, Any]
    seconds: float
    origin: Mapping[str, str]


def run(
    items: Mapping[str, Item],
    *,
    sample: Callable[[Item], Image],
    observe: Callable[[Image], Mapping[str, Any]],
    folder: Path,
    origin: Mapping[str, str],
    kept: int = 0,
) -> Iterator[Line]:
    """Yield the line of each item in order, from ``folder`` where it lies there already, else drawn and read now.

    Keys name items and must be fit for file names; a key must change with all that its picture depends on besides
    ``origin``. The pictures of the first ``kept`` items are saved too. What is observed must be plain JSON.
    Raises EvaluationFailed when the folder holds lines of another origin or damaged ones; a last line that a kill
    cut short is drawn again.
    """
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    known = _known(folder / LINES, origin)
    with (folder / LINES).open("a", encoding="utf-8") as file:
        for number, (key, item) in enumerate(items.items()):
            path = picture_path(folder, key) if number < kept else None
            if key not in known or (path and not path.exists()):
                began = time.monotonic()
                image = sample(item)
                seen = observe(image)
                if path:
                    image.save(path)
                known[key] = Line(key=key, observed=seen, seconds=time.monotonic() - began, origin=origin)
                file.write(json.dumps(asdict(known[key])) + "\n")
                file.flush()
            yield known[key]


def picture_path(folder: Path, key: str) -> Path:
    """Return where the picture of an item lies, if it was kept."""
    return folder / PICTURES / f"{key}.png"


def _known(path: Path, origin: Mapping[str, str]) -> dict[str, Line]:
    """Return the whole lines of a file by their keys, after cutting off what follows the last of them."""
    if not path.exists():
        return {}
    written = path.read_bytes()
    whole = written[: written.rfind(b"\n") + 1]
    os.truncate(path, len(whole))
    lines = [_line(text, path, number) for number, text in enumerate(whole.splitlines(), 1)]
    if strangers := [line for line in lines if line.origin != origin]:
        raise EvaluationFailed("evaluation.other_run", path=str(path), origin=str(strangers[0].origin))
    return {line.key: line for line in lines}


def _line(text: bytes, path: Path, number: int) -> Line:
    try:
        return Line(**json.loads(text))
    except (TypeError, ValueError) as error:
        raise EvaluationFailed("evaluation.damaged_line", path=str(path), number=number) from error
