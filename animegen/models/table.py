"""The model table as typed rows, and the choice of one by its name. Loads no torch."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from animegen.errors import ModelUnavailable

AUTO = "auto"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRow:
    """One model as the table has it.

    ``family`` names the vocabulary its prompts use; ``source`` is a folder of the package where the model is
    ``embedded``, else a repository of the Hub. Sizes are pixels; ``token_limit`` counts a prompt's own tokens.
    ``guidance_scale`` is the model's own in every preset, 0 where the presets' suits it.
    """

    name: str
    family: str
    label: str
    source: str
    embedded: bool
    licence: str
    forbidden_uses: tuple[str, ...]
    prediction_type: str
    native_size: int
    min_size: int
    max_size: int
    size_step: int
    token_limit: int
    megabytes: int
    guidance_scale: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and in one sentence why it is this one."""

    row: ModelRow
    reason: str


@cache
def rows() -> Mapping[str, ModelRow]:
    """Return the table's rows by name, in the table's order."""
    table = tomllib.loads(files(__package__).joinpath("table.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: ModelRow(name=name, **row | {"forbidden_uses": tuple(row["forbidden_uses"])})
            for name, row in table.items()
        }
    )


def choose(name: str) -> Choice:
    """Return the model that ``name`` asks for; ``auto`` takes the embedded one, which runs on every machine.

    Raises ModelUnavailable, naming the choices, when the table has no such row.
    """
    table = rows()
    if name == AUTO:
        row = next(iter(table.values()))
        return Choice(row, f"{row.label} was chosen because it is embedded and needs no download and no GPU.")
    if name not in table:
        choices = ", ".join((AUTO, *table))
        raise ModelUnavailable(f"There is no model named '{name}'; set ANIMEGEN_MODEL to one of: {choices}.")
    return Choice(table[name], f"{table[name].label} was chosen by ANIMEGEN_MODEL.")
