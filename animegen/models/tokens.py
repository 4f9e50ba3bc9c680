"""A model's tokenizer, loaded without its weights: counting tokens needs no torch and no large download."""

import threading
from importlib.resources import files
from pathlib import Path
from typing import Final

from transformers import CLIPTokenizer

from animegen.errors import ModelUnavailable
from animegen.models import hub
from animegen.models.cache import HUB, Source
from animegen.models.table import ModelRow

FOLDER: Final = "tokenizer"
VOCABULARY: Final = ("tokenizer.json", "vocab.json")
"""The files with the vocabulary, of which one is needed."""


class Tokens:
    """A tokenizer that any thread may use; calls are serialized, since its padding and truncation are its own state."""

    def __init__(self, tokenizer: CLIPTokenizer) -> None:
        self._tokenizer = tokenizer
        self._lock = threading.Lock()

    def count(self, text: str) -> int:
        """Return the number of tokens of a text, without start and end tokens."""
        return len(self._ids(text))

    def overflow(self, text: str) -> str:
        """Return the end of a text beyond the model's limit, empty if there is none."""
        unread = self._ids(text)[self._tokenizer.model_max_length - 2 :]
        with self._lock:
            return str(self._tokenizer.decode(unread)).strip() if unread else ""

    def padded(self, text: str) -> list[int]:
        """Return the ids of a text with start and end tokens, truncated or padded to the model's length."""
        with self._lock:
            ids: list[int] = self._tokenizer(
                text, padding="max_length", max_length=self._tokenizer.model_max_length, truncation=True
            ).input_ids
        return ids

    def _ids(self, text: str) -> list[int]:
        with self._lock:
            ids: list[int] = self._tokenizer(text, add_special_tokens=False, verbose=False).input_ids
        return ids


def load(row: ModelRow, source: Source = HUB) -> Tokens:
    """Return the tokenizer of a model; of a Hub model its few small files are downloaded if they are not cached.

    Raises ModelUnavailable when they are missing or damaged, or cannot be downloaded.
    """
    folder = _folder(row, source) / FOLDER
    try:
        if not any((folder / name).is_file() for name in VOCABULARY):  # transformers would invent an empty one
            raise FileNotFoundError(f"None of {VOCABULARY} is in {folder}")
        return Tokens(CLIPTokenizer.from_pretrained(folder, local_files_only=True))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ModelUnavailable("models.damaged_tokenizer", model=row.label, origin=row.origin) from problem


def _folder(row: ModelRow, source: Source) -> Path:
    if row.local:
        return Path(row.source)
    if row.embedded:
        return Path(str(files("animegen"))) / row.source
    return hub.snapshot(row.source, (FOLDER,), source=source)
