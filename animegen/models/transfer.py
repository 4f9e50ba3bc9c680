"""One file from the Hub to the disk: resumed where it broke off, also in another process, and checked at the end.

Why not ``snapshot_download``: of huggingface_hub 2.4 only the requests, the errors and the file locks are used here.
Its download gives each process a temporary file of its own and deletes that when it fails, over Xet too
(``_download_to_tmp_and_move``); it does not hash what came, and only warns when the disk is too small. Somebody with a
slow line would begin 2 GB anew each time, and a file that was damaged on its way would draw. What this costs is speed:
one stream, no Xet. The cache's layout is the library's own, so that both find each other's files.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx2
from huggingface_hub import get_session, hf_raise_for_status
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import RepoSibling
from huggingface_hub.utils import build_hf_headers

from animegen.errors import ModelUnavailable
from animegen.models.lockfile import sha256

TIMEOUT = 10.0
"""Seconds without a byte after which a connection counts as broken."""

PAUSES = (1.0, 2.0)
"""Seconds between tries that bring nothing; after the last one the Hub counts as down."""

PASSING = frozenset({408, 500, 502, 503, 504})

Received = Callable[[int], None]
"""Takes how many more bytes are here; a negative number where some had to be thrown away."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteFile:
    """A file as the Hub describes it: where it lies, its size in bytes, and the hashes by which it is known.

    ``etag`` is the SHA-256 of a large file, and git's id of a small one.
    """

    path: str
    url: str
    size: int
    etag: str
    large: bool

    @classmethod
    def of(cls, sibling: RepoSibling, url: str) -> "RemoteFile":
        """Return a file as the Hub lists it in a repository with its files' metadata."""
        etag = sibling.lfs.sha256 if sibling.lfs else str(sibling.blob_id)
        return cls(path=sibling.rfilename, url=url, size=sibling.size or 0, etag=etag, large=sibling.lfs is not None)

    def verified(self, blob: Path) -> str:
        """Return the SHA-256 of what arrived.

        Raises ModelUnavailable, and throws the file away, when it is not what the Hub described.
        """
        found = sha256(blob)
        if (found if self.large else git_oid(blob.read_bytes())) != self.etag:
            blob.unlink()
            raise ModelUnavailable("models.hash_differs", file=self.path)
        return found


def partial(blob: Path) -> Path:
    """Return where the bytes of a file are gathered until it is whole."""
    return blob.with_name(f"{blob.name}.animegen.incomplete")


def bytes_here(remote: RemoteFile, blob: Path) -> int:
    """Return how many bytes of a file are here, whole or gathered so far."""
    if blob.is_file():
        return remote.size
    gathered = partial(blob)
    size = gathered.stat().st_size if gathered.is_file() else 0
    return size if size <= remote.size else 0


def fetch(remote: RemoteFile, blob: Path, received: Received, pauses: tuple[float, ...] = PAUSES) -> None:
    """Bring a file to its place, from the first byte on that is not here yet.

    Raises what httpx2 and huggingface_hub raise when tries end without a byte, and OSError when the disk is full.
    """
    gathered = partial(blob)
    blob.parent.mkdir(parents=True, exist_ok=True)
    gathered.touch()
    retry(lambda: _stream(remote, blob, received), pauses, progress=lambda: gathered.stat().st_size)
    gathered.replace(blob)


def retry(call: Callable[[], T], pauses: tuple[float, ...], progress: Callable[[], int] = lambda: 0) -> T:
    """Call again after each pause while the failure may pass; whenever there is progress, from the first pause on."""
    waits = iter(pauses)
    while True:
        before = progress()
        try:
            return call()
        except httpx2.HTTPError as problem:
            if progress() > before:
                waits = iter(pauses)
            wait = next(waits, None) if _may_pass(problem) else None
            if wait is None:
                raise
            time.sleep(wait)


def git_oid(content: bytes) -> str:
    """Return the id that git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _may_pass(problem: httpx2.HTTPError) -> bool:
    if isinstance(problem, HfHubHTTPError):
        return problem.response.status_code in PASSING
    return isinstance(problem, httpx2.TransportError)


def _stream(remote: RemoteFile, blob: Path, received: Received) -> None:
    here = bytes_here(remote, blob)
    if here == remote.size:
        return
    headers = build_hf_headers() | {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
    with get_session().stream("GET", remote.url, headers=headers, timeout=TIMEOUT) as response:
        hf_raise_for_status(response)
        resumed = response.status_code == httpx2.codes.PARTIAL_CONTENT
        if here and not resumed:
            received(-here)
        with partial(blob).open("ab" if resumed else "wb") as file:
            for piece in response.iter_bytes():
                file.write(piece)
                received(len(piece))
