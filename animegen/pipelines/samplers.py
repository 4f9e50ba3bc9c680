"""Samplers by the names people know, as diffusers schedulers; each request gets a new one. Its names load no torch."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from animegen.errors import InvalidRequest

if TYPE_CHECKING:
    import torch


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("samplers.toml").read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    """Return the names of all samplers, the most useful first."""
    return tuple(_table())


def check(name: str) -> None:
    """Raise InvalidRequest, naming the choices, when there is no such sampler."""
    if name not in _table():
        raise InvalidRequest(f"There is no sampler named '{name}'; choose one of: {', '.join(names())}.")


def build(name: str, config: Mapping[str, Any], steps: int, device: "torch.device | str" = "cpu") -> Any:
    """Return a new diffusers scheduler of that name, set to ``steps`` steps of the noise in a model's ``config``.

    Every sampler of the table asks the network once a step. Raises InvalidRequest on an unknown name.
    """
    import diffusers

    check(name)
    row = _table()[name]
    kind = getattr(diffusers, row["scheduler"])
    scheduler = kind.from_config(dict(config), **row["options"])
    scheduler.set_timesteps(steps, device=device)
    return scheduler
