"""What a Hub of our own keeps, in memory: repositories, their commits and files, and who may read and write them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

LFS_SUFFIXES = (".safetensors", ".bin", ".ckpt", ".pt", ".png", ".webp", ".gif", ".zip")
LFS_SIZE = 10_000_000


@dataclass(frozen=True)
class File:
    """A file's content, and whether git keeps it itself or only a pointer to a large file.

    One too large for a test is ``claimed`` to have a size that its content has not.
    """

    content: bytes
    lfs: bool
    claimed: int = 0

    @property
    def size(self) -> int:
        return self.claimed or len(self.content)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def git_oid(self) -> str:
        """The id of git's blob: the content's, or that of the pointer to it (git-lfs specification, version 1)."""
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n"
        kept = pointer.encode() if self.lfs else self.content
        return hashlib.sha1(b"blob %d\0" % len(kept) + kept, usedforsecurity=False).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.lfs else self.git_oid


def is_large(path: str, size: int) -> bool:
    """Say whether the Hub would ask for this file as a large one."""
    return path.endswith(LFS_SUFFIXES) or size > LFS_SIZE


def file(path: str, content: bytes) -> File:
    """Return a file kept as the Hub would keep it."""
    return File(content, lfs=is_large(path, len(content)))


@dataclass(frozen=True)
class Commit:
    """All files of a repository at one moment, and what was said about the change."""

    parent: str
    summary: str
    files: Mapping[str, File]

    @cached_property
    def oid(self) -> str:
        """Forty hexadecimal digits that depend on all of the commit."""
        oids = {path: each.git_oid for path, each in sorted(self.files.items())}
        said = json.dumps([self.parent, self.summary, oids])
        return hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Repository:
    """A repository with one branch; ``gated`` ones let only the users read who ``accepted`` the licence."""

    id: str
    kind: str = "model"
    private: bool = False
    gated: bool = False
    accepted: frozenset[str] = frozenset()
    commits: list[Commit] = field(default_factory=lambda: [Commit("", "initial commit", MappingProxyType({}))])

    @property
    def head(self) -> Commit:
        return self.commits[-1]

    def at(self, revision: str) -> Commit | None:
        """Return the commit that a revision names, a branch or an id in full."""
        if revision == "main":
            return self.head
        return next((each for each in self.commits if each.oid == revision), None)

    def commit(self, summary: str, added: Mapping[str, File], deleted: tuple[str, ...] = ()) -> Commit:
        """Add one commit; a deleted path that ends with a slash is a folder."""
        kept = {path: each for path, each in self.head.files.items() if not _is_in(path, deleted)}
        self.commits.append(Commit(self.head.oid, summary, MappingProxyType(kept | dict(added))))
        return self.head


def _is_in(path: str, deleted: tuple[str, ...]) -> bool:
    return any(path == each or (each.endswith("/") and path.startswith(each)) for each in deleted)


@dataclass(frozen=True)
class User:
    """Whose a token is, and whether it may write."""

    name: str
    may_write: bool = True
