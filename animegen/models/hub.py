"""Models from the Hub: found in the cache without asking anybody, or downloaded, and locked to their revision.

It knows repositories and folders, and nothing of the model table. Files lie in huggingface_hub's own cache, in the
layout that its guide describes (blobs, snapshots, refs), so that what other programs downloaded is used, and they use
what is downloaded here.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from huggingface_hub import HfApi, ModelInfo, constants, hf_hub_url
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils import WeakFileLock

from animegen.errors import ModelUnavailable
from animegen.models import lock
from animegen.models.files import select
from animegen.models.outages import check_space, told
from animegen.models.transfer import PAUSES, TIMEOUT, RemoteFile, fetch, partial, patiently

BRANCH = "main"

Report = Callable[[int, int], None]
"""Is told how many bytes are here, and how many there will be in all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where models come from and where they are kept: what huggingface_hub's own variables say."""

    endpoint: str = constants.ENDPOINT
    cache: Path = Path(constants.HF_HUB_CACHE)
    lock: Path = Path(constants.HF_HOME) / "animegen" / "models.lock.json"
    pauses: tuple[float, ...] = PAUSES

    def folder(self, repository: str) -> Path:
        """Return the folder of a repository in the cache."""
        return self.cache / repo_folder_name(repo_id=repository, repo_type="model")


HUB = Source()


def silent(done: int, total: int) -> None:
    """Report to nobody."""


def snapshot(
    repository: str,
    parts: Sequence[str],
    *,
    half: bool = False,
    revision: str | None = None,
    report: Report = silent,
    source: Source = HUB,
) -> Path:
    """Return the local folder of a repository, which holds what is needed of its ``parts``; download what is missing.

    ``half`` prefers weights in half precision. Without a ``revision`` the locked one is meant, else the one that is
    cached, else the newest, which is then locked. What is cached is found without a request.
    Raises ModelUnavailable.
    """
    found = cached(repository, parts, half=half, revision=revision, source=source)
    return found or download(repository, parts, half=half, revision=revision, report=report, source=source)


def cached(
    repository: str, parts: Sequence[str], *, half: bool = False, revision: str | None = None, source: Source = HUB
) -> Path | None:
    """Return the folder that ``snapshot`` would without a request; None where something would have to be downloaded."""
    locked = lock.read(source.lock).get(repository)
    commit = revision or (locked.revision if locked else _cached_revision(repository, source))
    folder = source.folder(repository) / "snapshots" / commit
    if not commit or not folder.is_dir():
        return None
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    known = here.union(locked.files if locked and locked.revision == commit else ())
    try:
        return folder if select(known, parts, half=half) <= here else None
    except ModelUnavailable:
        return None


def download(
    repository: str,
    parts: Sequence[str],
    *,
    half: bool = False,
    revision: str | None = None,
    report: Report = silent,
    source: Source = HUB,
) -> Path:
    """Download what is missing of a repository, verify the hash of every file, and lock it.

    Raises ModelUnavailable when the Hub is down, refuses or lacks it, when the disk is full, or a file is damaged.
    """
    locked = lock.read(source.lock).get(repository)
    with told(repository):
        wanted = revision or (locked.revision if locked else BRANCH)
        info = _info(repository, wanted, source)
        remotes = _wanted(info, repository, parts, half, source)
        check_space(repository, sum(_missing(each, source.folder(repository)) for each in remotes), source.cache)
        hashes = _fetch_all(repository, remotes, report, source)
        folder = _placed(repository, str(info.sha), remotes, source)
        if wanted == BRANCH:
            _remember(repository, str(info.sha), source)
        lock.write(source.lock, repository, lock.Locked(revision=str(info.sha), files=hashes))
    return folder


def answers(repository: str, source: Source = HUB) -> bool:
    """Say whether the Hub shows a repository now; it is asked once."""
    try:
        with told(repository):
            _info(repository, BRANCH, replace(source, pauses=()))
    except ModelUnavailable:
        return False
    return True


def _cached_revision(repository: str, source: Source) -> str:
    """Return the revision that whoever filled the cache took for the newest, or nothing."""
    ref = source.folder(repository) / "refs" / BRANCH
    return ref.read_text(encoding="utf-8").strip() if ref.is_file() else ""


def _info(repository: str, revision: str, source: Source) -> ModelInfo:
    """Ask the Hub what a repository holds; one request, in which files come with their sizes and hashes."""
    api = HfApi(endpoint=source.endpoint)
    return patiently(
        lambda: api.model_info(repository, revision=revision, files_metadata=True, timeout=TIMEOUT), source.pauses
    )


def _wanted(info: ModelInfo, repository: str, parts: Sequence[str], half: bool, source: Source) -> list[RemoteFile]:
    siblings = {each.rfilename: each for each in info.siblings or ()}
    try:
        chosen = sorted(select(siblings, parts, half=half))
    except ModelUnavailable as problem:
        raise ModelUnavailable(f"{repository} cannot be used: {problem}") from None
    urls = {path: hf_hub_url(repository, path, revision=info.sha, endpoint=source.endpoint) for path in chosen}
    return [RemoteFile.of(siblings[path], urls[path]) for path in chosen]


def _blob(folder: Path, remote: RemoteFile) -> Path:
    return folder / "blobs" / remote.etag


def _missing(remote: RemoteFile, folder: Path) -> int:
    """Return how many bytes of a file are not here yet."""
    blob = _blob(folder, remote)
    gathered = partial(blob)
    return 0 if blob.is_file() else remote.size - (gathered.stat().st_size if gathered.is_file() else 0)


def _fetch_all(repository: str, remotes: Sequence[RemoteFile], report: Report, source: Source) -> Mapping[str, str]:
    """Bring every file, and return their hashes by path; two processes never write the same file."""
    folder = source.folder(repository)
    total = sum(each.size for each in remotes)
    done = total - sum(_missing(each, folder) for each in remotes)

    def received(count: int) -> None:
        nonlocal done
        done += count
        report(done, total)

    received(0)
    hashes = {}
    for remote in remotes:
        blob = _blob(folder, remote)
        guard = source.cache / ".locks" / folder.name / f"{remote.etag}.lock"
        guard.parent.mkdir(parents=True, exist_ok=True)
        with WeakFileLock(guard):
            if not blob.is_file():
                fetch(remote, blob, received, source.pauses)
            hashes[remote.path] = remote.verified(blob)
    return hashes


def _placed(repository: str, commit: str, remotes: Sequence[RemoteFile], source: Source) -> Path:
    """Give the files their names in the snapshot of a commit."""
    folder = source.folder(repository)
    for remote in remotes:
        pointer = folder / "snapshots" / commit / remote.path
        pointer.parent.mkdir(parents=True, exist_ok=True)
        if not pointer.exists():
            pointer.unlink(missing_ok=True)  # a link whose file is gone
            _link(_blob(folder, remote), pointer)
    return folder / "snapshots" / commit


def _remember(repository: str, commit: str, source: Source) -> None:
    """Make a commit the one that the cache knows as the newest."""
    ref = source.folder(repository) / "refs" / BRANCH
    ref.parent.mkdir(parents=True, exist_ok=True)
    ref.write_text(commit, encoding="utf-8")


def _link(blob: Path, pointer: Path) -> None:
    try:
        pointer.symlink_to(os.path.relpath(blob, pointer.parent))
    except OSError:  # Windows, where links of this kind are a privilege
        pointer.hardlink_to(blob)
