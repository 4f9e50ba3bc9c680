"""The layout of `metadata.jsonl`: a line of JSON names each picture and its text (Hugging Face's ImageFolder)."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from animegen.datasets.dataset import Fault, Ignored, Sample
from animegen.datasets.files import leaves, read_lines, read_sample
from animegen.datasets.recipe import DataRecipe
from animegen.datasets.subfolder import Found
from animegen.messages import message

NAME: Final = "metadata.jsonl"
LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Half a character, which JSON can spell and UTF-8 cannot."""


def read_metadata(root: Path, recipe: DataRecipe) -> Iterator[Found]:
    """Yield a sample for each line, a fault for each that is wrong, and the files that no line names."""
    lines = read_lines(root / NAME, root)
    if isinstance(lines, Fault):
        yield lines
        return
    named = {root / NAME}
    for number, line in enumerate(lines, 1):
        if line:
            found = _read_row(root, line, named, recipe.repeats)
            yield _fault(root, found, number) if isinstance(found, str) else found
    for path in root.rglob("*"):
        if path.is_file() and path not in named:
            yield Ignored(path=path, reason=message("datasets.not_named"))


def _fault(root: Path, problem: str, number: int) -> Fault:
    return Fault(path=root / NAME, reason=message(problem, line=number))


def _read_row(root: Path, line: str, named: set[Path], repeats: int) -> Sample | Fault | str:
    """Return the sample of a line and add its picture to those that are ``named``, or the id of what is wrong."""
    pair = _parse(line)
    if isinstance(pair, str):
        return pair
    path = Path(os.path.normpath(root / pair[0]))
    if not _is_file(path):
        return "datasets.line_no_file"
    if leaves(path, root):
        return "datasets.line_leaves_folder"
    if path in named:
        return "datasets.line_again"
    named.add(path)
    return read_sample(path, root, words="", caption=pair[1].strip(), repeats=repeats)


def _parse(line: str) -> tuple[str, str] | str:
    """Return the name and the text of a line, or the id of what is wrong with it."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return "datasets.line_no_json"
    match row:
        case {"file_name": str(name), "text": str(text)} if name and not LONE_SURROGATE.search(name + text):
            return name, text
    return "datasets.line_keys"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False
