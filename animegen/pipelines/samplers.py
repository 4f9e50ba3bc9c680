"""Samplers by the names people know, as diffusers schedulers; each request gets a new one. Its names load no torch."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from animegen.errors import InvalidRequest
from animegen.models import lcm

if TYPE_CHECKING:
    import torch

    from animegen.lora_files import Offer
    from animegen.models.table import ModelRow

ALWAYS: Final[Mapping[str, Any]] = {
    "clip_sample": False,
    "use_exponential_sigmas": False,
    "use_beta_sigmas": False,
}
"""Options of every sampler, whatever a model's configuration has or leaves to a scheduler's defaults.

Clipping to -1 and 1 is for pixels: latents have no such bounds. The name of a sampler decides how its noise is spaced.
"""
ONE_STEP: Final[Mapping[str, Any]] = {"timestep_spacing": "trailing"}
"""Of one step: the other spacings of some schedulers begin, and end, where there is no noise left to remove."""


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("samplers.toml").read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    """Return the names of all samplers, the most useful first."""
    return tuple(_table())


def normalize(name: str) -> str:
    """Return a sampler's name as the table has it, whatever its case, spaces and hyphens; another one as it is."""
    return next((each for each in names() if _plain(each) == _plain(name)), name)


def offered(row: "ModelRow") -> tuple[str, ...]:
    """Return the names of the samplers that a model has what they need for."""
    return tuple(name for name, each in _table().items() if "role" not in each or lora(name, row))


def lora(name: str, row: "ModelRow") -> "Offer | None":
    """Return the LoRA that a sampler needs on a model, None where it needs none or there is none."""
    return row.lcm_lora if _table()[name].get("role") == lcm.ROLE else None


def check(name: str, steps: int, row: "ModelRow") -> None:
    """Raise InvalidRequest when there is no such sampler, the model lacks its weights, or the steps do not suit it."""
    if name not in _table():
        raise _unknown(name, offered(row))
    if name not in offered(row):
        raise InvalidRequest("samplers.no_weights", name=name, model=row.label, choices=offered(row))
    low, high = _table()[name].get("steps", (steps, steps))
    if not low <= steps <= high:
        raise InvalidRequest("samplers.steps", name=name, low=low, high=high, steps=steps)


def build(name: str, config: Mapping[str, Any], steps: int, device: "torch.device | str" = "cpu") -> Any:
    """Return a new diffusers scheduler of that name, set to ``steps`` steps of the noise in a model's ``config``.

    Every sampler of the table asks the network once a step. Raises InvalidRequest on an unknown name.
    """
    import diffusers

    if name not in _table():
        raise _unknown(name, names())
    row = _table()[name]
    kind = getattr(diffusers, row["scheduler"])
    options = {**ALWAYS, **row["options"], **(ONE_STEP if steps == 1 else {})}
    scheduler = kind.from_config(dict(config), **options)
    scheduler.set_timesteps(steps, device=device)
    return scheduler


def drawn(steps: int, strength: float) -> int:
    """Return how many of its steps a drawing takes that begins with a picture: none at strength 0 alone."""
    return max(round(steps * strength), 1) if strength else 0


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())


def _unknown(name: str, choices: tuple[str, ...]) -> InvalidRequest:
    return InvalidRequest("samplers.unknown", name=name, choices=choices)
