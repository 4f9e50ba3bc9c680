"""The choice of a model by its name, with the reason in words. Loads no torch where there is no GPU."""

import ctypes
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from animegen.errors import ModelUnavailable
from animegen.models import unlisted
from animegen.models.table import ModelRow, rows
from animegen.settings import settings

if TYPE_CHECKING:
    from animegen.models.cache import Source

AUTO: Final = "auto"
ON_GPU: Final = "sd15"
"""What `auto` takes where there is a GPU; elsewhere it takes the first of the table."""
REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+")
DRIVER: Final = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and in one sentence why it is this one."""

    row: ModelRow
    reason: str


def has_gpu() -> bool:
    """Say whether CUDA is there, or comes with each request; torch is asked only where NVIDIA's driver lies."""
    if settings().zero_gpu:
        return True
    try:
        ctypes.CDLL(DRIVER)
    except OSError:
        return False
    import torch  # takes seconds

    return torch.cuda.is_available()


def choose(name: str, *, gpu: Callable[[], bool] = has_gpu, source: "Source | None" = None) -> Choice:
    """Return the model that ``name`` asks for: a row of the table, a folder, a repository of the Hub, or `auto`.

    `auto` takes Stable Diffusion 1.5 where there is a ``gpu`` and its files are here or can be got, else the embedded
    model, which draws on every machine. A repository that the table does not have is downloaded now, since its own
    configs say what it is. Raises ModelUnavailable, naming the choices, when there is no such model.
    """
    if name == AUTO:
        return _auto(gpu, source)
    for row in rows().values():
        if name in (row.name, row.source, *row.aliases):
            return _asked_for(row)
    folder = Path(name)
    if folder.is_dir():
        return _asked_for(unlisted.row_of(folder.resolve(), folder.resolve().name, local=True))
    if REPOSITORY.fullmatch(name):
        return _asked_for(_from_hub(name, source))
    choices = ", ".join((AUTO, *rows()))
    raise ModelUnavailable(
        f"There is no model named '{name}'; set ANIMEGEN_MODEL to one of: {choices}; a folder, or a repository."
    )


def _asked_for(row: ModelRow) -> Choice:
    return Choice(row, f"{row.label} was chosen by ANIMEGEN_MODEL.")


def _auto(gpu: Callable[[], bool], source: "Source | None") -> Choice:
    small, large = next(iter(rows().values())), rows()[ON_GPU]
    if not gpu():
        return Choice(small, f"{small.label} was chosen because there is no CUDA GPU; it needs no download.")
    from animegen.models import cache, device, hub
    from animegen.models.files import STABLE_DIFFUSION

    source = source or cache.HUB
    if hub.cached(large.source, STABLE_DIFFUSION, half=device.here().half, source=source):
        return Choice(large, f"{large.label} was chosen because there is a CUDA GPU and its files are here.")
    if hub.answers(large.source, source):
        return Choice(large, f"{large.label} was chosen because there is a CUDA GPU; its files come from the Hub.")
    return Choice(small, f"{small.label} was chosen because {large.label} is not here and the Hub does not answer.")


def _from_hub(repository: str, source: "Source | None") -> ModelRow:
    """Download a repository and return its row; what its index already rules out is refused before the weights come."""
    from animegen.models import cache, device, hub, loading
    from animegen.models.files import NETWORK, STABLE_DIFFUSION

    source, half = source or cache.HUB, device.here().half
    unlisted.check(hub.snapshot(repository, NETWORK, source=source), repository)
    report = loading.on_terminal(repository)
    folder = hub.snapshot(repository, STABLE_DIFFUSION, half=half, report=report, source=source)
    return unlisted.row_of(folder, repository, local=False)
