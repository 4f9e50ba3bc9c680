"""Models from the Hub: found in the cache without asking anybody, or downloaded, and locked to their revision.

It knows repositories and folders, and nothing of the model table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from huggingface_hub import HfApi, ModelInfo, hf_hub_url
from huggingface_hub.utils import WeakFileLock

from animegen.errors import ModelUnavailable
from animegen.models import lockfile
from animegen.models.cache import BRANCH, HUB, Source
from animegen.models.files import select
from animegen.models.hub_errors import check_space, hub_errors
from animegen.models.transfer import TIMEOUT, RemoteFile, bytes_here, fetch, retry

SMALL = 10**6
"""Up to how many bytes a file is hashed each time that its model is loaded; that takes some milliseconds."""

Report = Callable[[int, int], None]
"""Takes the bytes that are downloaded so far, and all of them."""


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
    Raises ModelUnavailable, also when a configuration that is here is not the one that was locked.
    """
    found = cached(repository, parts, half=half, revision=revision, source=source)
    if found:
        _check(repository, found, source)
    return found or download(repository, parts, half=half, revision=revision, report=report, source=source)


def cached(
    repository: str, parts: Sequence[str], *, half: bool = False, revision: str | None = None, source: Source = HUB
) -> Path | None:
    """Return the folder that ``snapshot`` would without a request; None where something would have to be downloaded."""
    locked = lockfile.read(source.lock).get(repository)
    commit = revision or (locked.revision if locked else source.main_commit(repository))
    folder = source.snapshot(repository, commit)
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
    """Download what is missing of a repository, verify the hash of every file, and lock it; a ``revision`` is not.

    Raises ModelUnavailable when the Hub is down, refuses or lacks it, when the disk is full, or a file is damaged.
    """
    locked = lockfile.read(source.lock).get(repository)
    wanted = revision or (locked.revision if locked else BRANCH)
    with hub_errors(repository):
        info = _info(repository, wanted, source)
        commit, remotes = str(info.sha), _remotes(info, parts, half, source)
        check_space(repository, sum(_missing(repository, each, source) for each in remotes), source.cache)
        hashes = _fetch(repository, remotes, report, source)
        folder = source.place(repository, commit, remotes)
        if wanted == BRANCH:
            source.set_main_commit(repository, commit)
        if revision in {None, BRANCH}:
            lockfile.write(source.lock, repository, lockfile.Locked(revision=commit, files=hashes))
    return folder


def answers(repository: str, source: Source = HUB) -> bool:
    """Say whether the Hub shows a repository now, after one request."""
    try:
        with hub_errors(repository):
            _info(repository, BRANCH, replace(source, pauses=()))
    except ModelUnavailable:
        return False
    return True


def _check(repository: str, folder: Path, source: Source) -> None:
    """Raise ModelUnavailable when a small file is not what was locked; weights are hashed by ``models pull`` only."""
    locked = lockfile.read(source.lock).get(repository)
    if locked and locked.revision == folder.name and (differing := locked.differing(folder, up_to=SMALL)):
        raise ModelUnavailable("models.changed_since_lock", repository=repository, files=differing)


def _info(repository: str, revision: str, source: Source) -> ModelInfo:
    """Return what the Hub lists of a repository: one request, with the sizes and hashes of its files."""
    api = HfApi(endpoint=source.endpoint)
    return retry(
        lambda: api.model_info(repository, revision=revision, files_metadata=True, timeout=TIMEOUT), source.pauses
    )


def _remotes(info: ModelInfo, parts: Sequence[str], half: bool, source: Source) -> list[RemoteFile]:
    """Return the files that are needed of those that the Hub listed."""
    listed = {each.rfilename: each for each in info.siblings or ()}
    try:
        chosen = sorted(select(listed, parts, half=half))
    except ModelUnavailable as problem:
        raise ModelUnavailable("models.repository_unusable", repository=info.id, why=problem.message) from None
    urls = {path: hf_hub_url(info.id, path, revision=info.sha, endpoint=source.endpoint) for path in chosen}
    return [RemoteFile.of(listed[path], urls[path]) for path in chosen]


def _missing(repository: str, remote: RemoteFile, source: Source) -> int:
    """Return how many bytes of a file are not here yet."""
    return remote.size - bytes_here(remote, source.blob(repository, remote))


def _fetch(repository: str, remotes: Sequence[RemoteFile], report: Report, source: Source) -> Mapping[str, str]:
    """Bring every file, and return their hashes by path; two processes never write the same file."""
    total = sum(each.size for each in remotes)
    done = total - sum(_missing(repository, each, source) for each in remotes)

    def received(count: int) -> None:
        nonlocal done
        done += count
        report(done, total)

    received(0)
    hashes = {}
    for remote in remotes:
        blob, guard = source.blob(repository, remote), source.guard(repository, remote)
        guard.parent.mkdir(parents=True, exist_ok=True)
        with WeakFileLock(guard):
            if not blob.is_file():
                fetch(remote, blob, received, source.pauses)
            hashes[remote.path] = remote.verified(blob)
    return hashes
