"""Where models come from and where they are kept: huggingface_hub's own cache, in the layout that its guide describes.

A repository has a folder with ``blobs``, the files under their hashes; ``snapshots``, a folder a commit, with links of
the files' own names; and ``refs``, the commit that was the newest. So what other programs downloaded is used, and they
use what is downloaded here.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import constants
from huggingface_hub.errors import HFValidationError
from huggingface_hub.file_download import repo_folder_name

from animegen.errors import ModelUnavailable
from animegen.models.transfer import PAUSES, RemoteFile

BRANCH = "main"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A Hub, a cache and a lock; by itself those that huggingface_hub's own variables name.

    ``pauses`` are the seconds between tries that bring nothing.
    """

    endpoint: str = constants.ENDPOINT
    cache: Path = Path(constants.HF_HUB_CACHE)
    lock: Path = Path(constants.HF_HOME) / "animegen" / "models.lock.json"
    pauses: tuple[float, ...] = PAUSES

    @property
    def rewritten(self) -> Path:
        """Where the safetensors lie that were made of pickles."""
        return self.lock.parent / "rewritten"

    def folder(self, repository: str) -> Path:
        """Return the folder of a repository in the cache.

        Raises ModelUnavailable for what cannot be a repository's name.
        """
        try:
            return self.cache / repo_folder_name(repo_id=repository, repo_type="model")
        except HFValidationError as problem:
            raise ModelUnavailable("models.repository_name", name=repository) from problem

    def blob(self, repository: str, remote: RemoteFile) -> Path:
        """Return where a file's content lies."""
        return self.folder(repository) / "blobs" / remote.etag

    def guard(self, repository: str, remote: RemoteFile) -> Path:
        """Return the lock that huggingface_hub too takes while it downloads this file."""
        return self.cache / ".locks" / self.folder(repository).name / f"{remote.etag}.lock"

    def snapshot(self, repository: str, commit: str) -> Path:
        """Return the folder of a commit's files."""
        return self.folder(repository) / "snapshots" / commit

    def main_commit(self, repository: str) -> str:
        """Return the commit of the cached ``refs/main``, empty where there is none."""
        ref = self.folder(repository) / "refs" / BRANCH
        return ref.read_text(encoding="utf-8").strip() if ref.is_file() else ""

    def place(self, repository: str, commit: str, remotes: Sequence[RemoteFile]) -> Path:
        """Give files their names in the snapshot of a commit, and return its folder."""
        for remote in remotes:
            pointer = self.snapshot(repository, commit) / remote.path
            pointer.parent.mkdir(parents=True, exist_ok=True)
            if pointer.is_symlink() and not pointer.exists():
                pointer.unlink()
            with suppress(FileExistsError):  # it may have been here, or another process was quicker
                _link(self.blob(repository, remote), pointer)
        return self.snapshot(repository, commit)

    def set_main_commit(self, repository: str, commit: str) -> None:
        """Write a commit into the cached ``refs/main``."""
        ref = self.folder(repository) / "refs" / BRANCH
        ref.parent.mkdir(parents=True, exist_ok=True)
        ref.write_text(commit, encoding="utf-8")


HUB = Source()


def _link(blob: Path, pointer: Path) -> None:
    try:
        pointer.symlink_to(os.path.relpath(blob, pointer.parent))
    except FileExistsError:
        raise
    except OSError:  # Windows, where links of this kind are a privilege
        pointer.hardlink_to(blob)
