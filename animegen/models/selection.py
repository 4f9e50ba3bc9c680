"""The choice of a model by its name, with the reason. Loads no torch where there is no GPU."""

import ctypes
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from animegen.errors import ModelUnavailable
from animegen.messages import Text, message
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
    """A model, and why it was chosen."""

    row: ModelRow
    reason: Text


def has_gpu() -> bool:
    """Say whether CUDA is there, or comes with each request; torch is loaded only where NVIDIA's driver is."""
    if settings().zero_gpu:
        return True
    try:
        ctypes.CDLL(DRIVER)
    except OSError:
        return False
    import torch  # takes seconds

    return torch.cuda.is_available()


def choose(name: str, *, gpu: Callable[[], bool] = has_gpu, source: "Source | None" = None) -> Choice:
    """Return the model that ``name`` means: a row of the table, a folder, a repository of the Hub, or `auto`.

    `auto` takes Stable Diffusion 1.5 where there is a ``gpu`` and its files are here or can be got, else the embedded
    model, which draws on every machine. A repository that the table does not have is downloaded now, since its own
    configs say what it is. Raises ModelUnavailable, naming the choices, when there is no such model.
    """
    if name == AUTO:
        return _auto(gpu, source)
    for row in rows().values():
        if name in (row.name, row.source, *row.aliases):
            return _requested(row)
    folder = Path(name)
    if folder.is_dir():
        return _requested(unlisted.row_of(folder.resolve(), folder.resolve().name, local=True))
    if REPOSITORY.fullmatch(name):
        return _requested(_from_hub(name, source))
    raise ModelUnavailable("models.unknown", name=name, choices=(AUTO, *rows()))


def _requested(row: ModelRow) -> Choice:
    return Choice(row, message("models.chosen_by_setting", model=row.label))


def _auto(gpu: Callable[[], bool], source: "Source | None") -> Choice:
    small, large = next(iter(rows().values())), rows()[ON_GPU]
    if not gpu():
        return Choice(small, message("models.chosen_without_gpu", model=small.label))
    from animegen.models import cache, device, hub
    from animegen.models.files import STABLE_DIFFUSION

    source = source or cache.HUB
    if hub.cached(large.source, STABLE_DIFFUSION, half=device.here().half, source=source):
        return Choice(large, message("models.chosen_cached", model=large.label))
    if hub.answers(large.source, source):
        return Choice(large, message("models.chosen_online", model=large.label))
    return Choice(small, message("models.chosen_offline", model=small.label, other=large.label))


def _from_hub(repository: str, source: "Source | None") -> ModelRow:
    """Download a repository and return its row; what its index already rules out is refused before the weights come."""
    from animegen.models import cache, device, hub, loading
    from animegen.models.files import NETWORK, STABLE_DIFFUSION

    source, half = source or cache.HUB, device.here().half
    unlisted.check(hub.snapshot(repository, NETWORK, source=source), repository)
    report = loading.log_progress(repository)
    folder = hub.snapshot(repository, STABLE_DIFFUSION, half=half, report=report, source=source)
    return unlisted.row_of(folder, repository, local=False)
