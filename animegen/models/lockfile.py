"""The lock file: which revision of each repository this machine draws with, and the hash of each of its files.

It is written by downloads and never by hand, and lies beside the Hub's cache, whose content it describes.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huggingface_hub.utils import WeakFileLock

from animegen.errors import ModelUnavailable


@dataclass(frozen=True, kw_only=True, slots=True)
class Locked:
    """A repository's revision, the id of a commit, and the SHA-256 of its files in hexadecimal digits, by path."""

    revision: str
    files: Mapping[str, str] = field(default_factory=dict)

    def differing(self, folder: Path, up_to: int = sys.maxsize) -> tuple[str, ...]:
        """Return which of the files that lie in the folder, of so many bytes at most, are not what was locked."""
        here = {path: folder / path for path in self.files if (folder / path).is_file()}
        small = {path: file for path, file in here.items() if file.stat().st_size <= up_to}
        return tuple(path for path, file in small.items() if sha256(file) != self.files[path])


def read(lock: Path) -> Mapping[str, Locked]:
    """Return what is locked, by repository; nothing where there is no lock yet.

    Raises ModelUnavailable when the file is no lock.
    """
    if not lock.is_file():
        return {}
    try:
        return {name: Locked(**entry) for name, entry in json.loads(lock.read_bytes())["repositories"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ModelUnavailable("models.lock_damaged", file=lock.name) from problem


def write(lock: Path, repository: str, locked: Locked) -> None:
    """Set one repository's entry, beside the others; files of the same revision that were locked before stay so."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(lock.with_name(f"{lock.name}.lock")):  # two downloads may end at once
        every = dict(read(lock))
        before = every.get(repository)
        if before is not None and before.revision == locked.revision:
            locked = Locked(revision=locked.revision, files={**before.files, **locked.files})
        every[repository] = locked
        aside = lock.with_name(f"{lock.name}.new")
        aside.write_text(json.dumps(_table(every), indent=2) + "\n", encoding="utf-8")
        aside.replace(lock)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _table(every: Mapping[str, Locked]) -> dict[str, Any]:
    entries = {
        name: {"revision": each.revision, "files": dict(sorted(each.files.items()))}
        for name, each in sorted(every.items())
    }
    return {"note": "Written by animegen; `animegen models pull` renews it.", "repositories": entries}
