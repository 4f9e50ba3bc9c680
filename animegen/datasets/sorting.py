"""Pictures sorted into folders by emotion or style: proposed with reasons, moved only on request, never overwritten.

A reader says which tags a picture shows; the words of the prompts' tables say what tags mean.
"""

import json
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from animegen.datasets import side_files
from animegen.datasets.captions import normalize, split_tags
from animegen.datasets.dataset import Fault
from animegen.datasets.files import read_lines
from animegen.datasets.side_files import Entry
from animegen.datasets.tags import Tag
from animegen.errors import DatasetRefused, InvalidRequest
from animegen.messages import Message, message

Meanings = Mapping[str, Mapping[str, float]]
"""How strongly a word points to each folder, from 0 to 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The tags of a picture, and what they are from: its caption, a network."""

    tags: Sequence[Tag]
    source: Message


Read = Callable[[Entry], Reading]
"""Returns the tags of a picture. Raises InvalidRequest when it cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """The folder that a picture belongs into, empty where that is undecided, and why; ``confidence`` is from 0 to 1."""

    entry: Entry
    folder: str = ""
    confidence: float = 0.0
    reason: Message


def by_caption(otherwise: Read) -> Read:
    """Return what reads a picture by the tags of its caption, and one without any tag as ``otherwise`` does."""

    def read(entry: Entry) -> Reading:
        lines = read_lines(entry.captions[0], entry.picture.parent) if entry.captions else [""]
        if isinstance(lines, Fault):
            raise InvalidRequest(lines.reason)
        tags = [Tag(name=name) for name in split_tags(lines[0])]
        return Reading(tags=tags, source=message("datasets.sort_caption")) if tags else otherwise(entry)

    return read


def propose(folder: Path, read: Read, tables: Sequence[Meanings]) -> Iterator[Proposal]:
    """Propose a folder for each picture directly inside a folder, by the first table that knows one of its tags.

    Raises DatasetRefused when there is no picture.
    """
    entries = side_files.entries(folder.iterdir())
    if not entries:
        raise DatasetRefused("datasets.sort_no_pictures", folder=str(folder))
    for each in entries:
        if each.shared:
            yield Proposal(entry=each, reason=message("datasets.same_name"))
            continue
        try:
            yield _decide(each, read(each), tables)
        except InvalidRequest as problem:
            yield Proposal(entry=each, reason=problem.message)


def move(proposals: Iterable[Proposal], root: Path) -> Path:
    """Move the pictures that are decided into their folders below ``root``, and return the record of the moves.

    It is written before anything moves. Raises DatasetRefused, and moves nothing, when a file is in the way.
    """
    moves = [
        (path, root / each.folder / path.name)
        for each in proposals
        if each.folder
        for path in (each.entry.picture, *each.entry.beside)
    ]
    if taken := tuple(str(there) for _, there in moves if os.path.lexists(there)):
        raise DatasetRefused("datasets.sort_taken", files=taken)
    record = _record(root, moves)
    for here, there in moves:
        try:
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(here, there)
        except OSError as problem:
            values = {"file": str(here), "why": str(problem.strerror), "record": str(record)}
            raise DatasetRefused("datasets.sort_stopped", **values) from problem
    return record


def _record(root: Path, moves: Sequence[tuple[Path, Path]]) -> Path:
    """Write the moves, by paths relative to ``root``, into a file of a free name."""
    path = next(path for number in count(1) if not (path := root / f"moves-{number:03d}.json").exists())
    listed = [{"from": os.path.relpath(here, root), "to": os.path.relpath(there, root)} for here, there in moves]
    side_files.write(path, json.dumps({"moves": listed}, ensure_ascii=False, indent=2) + "\n")
    return path


def _decide(entry: Entry, reading: Reading, tables: Sequence[Meanings]) -> Proposal:
    """Propose the folder that the tags point to most strongly; several of equal strength leave it undecided."""
    evidence = next(filter(None, (_weigh(reading.tags, table) for table in tables)), {})
    if not evidence:
        return Proposal(entry=entry, reason=message("datasets.sort_nothing", source=reading.source))
    scores = {name: sum(found.values()) for name, found in evidence.items()}
    best = max(scores.values())
    names = tuple(name for name, score in scores.items() if score > 0.999 * best)
    if len(names) > 1:
        return Proposal(entry=entry, reason=message("datasets.sort_tie", source=reading.source, names=names))
    words = tuple(tag.name for tag in reading.tags if tag.name in evidence[names[0]])
    surest = max(tag.confidence for tag in reading.tags if tag.name in words)
    return Proposal(
        entry=entry,
        folder=names[0],
        confidence=surest * best / sum(scores.values()),
        reason=message("datasets.sort_reason", source=reading.source, words=words),
    )


def _weigh(tags: Iterable[Tag], meanings: Meanings) -> dict[str, dict[str, float]]:
    """Return by folder how strongly each tag points to it."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for tag in tags:
        for word, names in meanings.items():
            if _contains(tag.name, word):
                for name, weight in names.items():
                    found[name][tag.name] = max(found[name].get(tag.name, 0), weight * tag.confidence)
    return found


def _contains(tag: str, word: str) -> bool:
    """Return whether a tag has a word, whole and not denied."""
    plain = normalize(tag)
    whole = rf"(?<!no )(?<!not )(?<!without )(?<![\w-]){re.escape(word)}(?![\w-])"
    return word in plain and re.search(whole, plain) is not None
