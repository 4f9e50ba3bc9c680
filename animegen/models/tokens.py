"""A model's tokenizer, loaded without its weights: to count words takes no torch and no download of gigabytes."""

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
WORDS: Final = ("tokenizer.json", "vocab.json")
"""The files of which one holds the words."""


class Tokens:
    """A tokenizer that any thread may use: it keeps its padding and truncation inside, so one at a time does."""

    def __init__(self, tokenizer: CLIPTokenizer) -> None:
        self._tokenizer = tokenizer
        self._lock = threading.Lock()

    def count(self, text: str) -> int:
        """Return how many tokens a text has beside the marks of its start and end."""
        return len(self._ids(text))

    def overflow(self, text: str) -> str:
        """Return the end of a text that the model does not read, empty where it reads all of it."""
        unread = self._ids(text)[self._tokenizer.model_max_length - 2 :]
        with self._lock:
            return str(self._tokenizer.decode(unread)).strip() if unread else ""

    def padded(self, text: str) -> list[int]:
        """Return the ids of a text with the marks of its start and end, cut or padded to what the model reads."""
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
    """Return the tokens of a model; the few small files of one from the Hub are downloaded where they are not here.

    Raises ModelUnavailable when they are not there, cannot be got, or are damaged.
    """
    folder = _folder(row, source) / FOLDER
    try:
        if not any((folder / name).is_file() for name in WORDS):  # transformers would make a tokenizer of no words
            raise FileNotFoundError(f"There is neither of {WORDS} in {folder}")
        return Tokens(CLIPTokenizer.from_pretrained(folder, local_files_only=True))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ModelUnavailable(
            f"The tokenizer of {row.label} is incomplete or damaged; get it again ({row.origin})."
        ) from problem


def _folder(row: ModelRow, source: Source) -> Path:
    if row.local:
        return Path(row.source)
    if row.embedded:
        return Path(str(files("animegen"))) / row.source
    return hub.snapshot(row.source, (FOLDER,), source=source)
