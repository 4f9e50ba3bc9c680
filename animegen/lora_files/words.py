"""What a LoRA file's metadata says in words: trigger words, tags. All of it is foreign, so it is clamped."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from animegen.lora_files.folders import inside
from animegen.lora_files.weights import clipped
from animegen.tasks.loras import MAX_WEIGHT

MOST: Final = 20
"""Words or tags shown of one file."""
MAX_SIDECAR: Final = 1 << 20


def trigger_words(metadata: Mapping[str, str], path: Path) -> tuple[str, ...]:
    """Return the words that call what a LoRA has learned.

    They are ModelSpec's, or those of A1111's side-car ``<name>.json`` beside the file, or else the class names of
    the folders that kohya's trainer was given (``36_name``).
    """
    said = metadata.get("modelspec.trigger_phrase") or _sidecar(path).get("activation text")
    if isinstance(said, str) and said.strip():
        return _clean(said.split(","))
    folders = _object(metadata.get("ss_dataset_dirs", "{}"))
    return _clean(name.partition("_")[2] for name in folders)


def tags(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """Return the commonest tags of the captions that a LoRA was trained on, the commonest first."""
    counts: Counter[str] = Counter()
    for folder in _object(metadata.get("ss_tag_frequency", "{}")).values():
        if isinstance(folder, dict):
            counts.update({tag: count for tag, count in folder.items() if type(count) is int})
    return _clean(tag for tag, _ in counts.most_common(MOST))


def advised_weight(path: Path) -> float:
    """Return the weight that A1111's side-car advises, 1 where it says none that a LoRA can have."""
    said: Any = _sidecar(path).get("preferred weight")
    number = isinstance(said, int | float) and not isinstance(said, bool)
    return float(said) if number and 0 < said <= MAX_WEIGHT else 1.0


def _clean(words: Iterable[str]) -> tuple[str, ...]:
    seen = dict.fromkeys(clipped(word.strip()) for word in words if word.strip())
    return tuple(seen)[:MOST]


def _object(text: str | bytes) -> Mapping[str, Any]:
    """Return a JSON object, an empty one where the text is none: metadata is a help, not a condition."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _sidecar(path: Path) -> Mapping[str, Any]:
    beside = path.with_suffix(".json")
    if not beside.is_file() or not inside(beside, path.parent):
        return {}
    with beside.open("rb") as file:
        return _object(file.read(MAX_SIDECAR))
