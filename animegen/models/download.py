"""A machine prepared for a model: everything that its row names is downloaded, verified, and locked."""

from collections.abc import Iterator, Sequence
from typing import Any

from animegen.errors import ModelUnavailable
from animegen.messages import Message, message
from animegen.models import lineart, lockfile, matting, pickles
from animegen.models.cache import BRANCH, HUB, Source
from animegen.models.files import NETWORK, STABLE_DIFFUSION
from animegen.models.hub import Report, cached, download
from animegen.models.table import ModelRow


def repositories(row: ModelRow) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what a model draws with: the names of repositories, and which parts of each are needed.

    Raises ModelUnavailable when the model does not come from the Hub.
    """
    if row.on_disk:
        raise ModelUnavailable("models.already_local", model=row.label)
    yield row.source, pickles.MODEL if row.pickle else STABLE_DIFFUSION
    if row.controlnet:
        yield row.controlnet, pickles.NETWORK if row.pickle else NETWORK
    if row.lineart_controlnet:
        yield row.lineart_controlnet, NETWORK
        yield lineart.REPOSITORY, (lineart.FILE,)
    fast = row.lcm_lora.repository if row.lcm_lora else ""
    yield from ((name, NETWORK) for name in (fast, row.taesd) if name)
    if matting.serves(row):
        yield matting.REPOSITORY, matting.PARTS


def pull(
    repository: str,
    parts: Sequence[str],
    *,
    half: bool,
    update: bool = False,
    report: Report,
    source: Source = HUB,
) -> Message:
    """Download a repository's parts as locked, every file hashed anew, and return what was done.

    A file whose hash differs from the lock is deleted and downloaded again. ``update`` takes the newest revision
    instead. Where everything is cached no request is made. Raises ModelUnavailable.
    """
    locked = lockfile.read(source.lock).get(repository)
    if locked is None or update:
        folder = download(repository, parts, half=half, revision=BRANCH, report=report, source=source)
        return message("models.pulled", repository=repository, revision=folder.name[:8])
    folder = source.snapshot(repository, locked.revision)
    differing = locked.differing(folder)
    for path in differing:
        (folder / path).resolve().unlink()
    if cached(repository, parts, half=half, source=source):
        return message("models.pulled_already", repository=repository)
    download(repository, parts, half=half, report=report, source=source)
    values: dict[str, Any] = {"repository": repository, "revision": locked.revision[:8]}
    if differing:
        return message("models.pulled_again", files=differing, **values)
    return message("models.pulled_locked", **values)
