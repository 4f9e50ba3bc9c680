"""A machine prepared for a model: everything that its row names is downloaded, verified, and locked."""

from collections.abc import Iterator, Sequence

from animegen.errors import ModelUnavailable
from animegen.models import lockfile, matting, pickles
from animegen.models.cache import BRANCH, HUB, Source
from animegen.models.files import NETWORK, STABLE_DIFFUSION
from animegen.models.hub import Report, cached, download
from animegen.models.table import ModelRow


def repositories(row: ModelRow) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what a model draws with: the names of repositories, and which parts of each are needed.

    Raises ModelUnavailable when the model does not come from the Hub.
    """
    if row.embedded or row.local:
        raise ModelUnavailable(f"{row.label} lies on this machine already, so there is nothing to download.")
    yield row.source, pickles.MODEL if row.pickle else STABLE_DIFFUSION
    if row.controlnet:
        yield row.controlnet, pickles.NETWORK if row.pickle else NETWORK
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
) -> str:
    """Make a repository's parts be here as the lock says, every file hashed anew; say in a sentence what was done.

    A file whose hash is another one than the lock's is thrown away and downloaded again. ``update`` takes the newest
    revision instead. Where everything is here no request is made. Raises ModelUnavailable.
    """
    locked = lockfile.read(source.lock).get(repository)
    if locked is None or update:
        folder = download(repository, parts, half=half, revision=BRANCH, report=report, source=source)
        return f"{repository} is here, locked to revision {folder.name[:8]}."
    folder = source.snapshot(repository, locked.revision)
    differing = locked.differing(folder)
    for path in differing:
        (folder / path).resolve().unlink()
    if cached(repository, parts, half=half, source=source):
        return f"{repository} was here already, and every hash is the locked one."
    download(repository, parts, half=half, report=report, source=source)
    changed = f"; its hash was not the locked one, so this was downloaded anew: {', '.join(differing)}"
    return f"{repository} is here at its locked revision {locked.revision[:8]}{changed if differing else ''}."
