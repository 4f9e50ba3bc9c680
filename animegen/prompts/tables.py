"""How the tables of this room are read, and how a name that is in none of them is answered."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TypeVar

from animegen.errors import InvalidRequest

Row = TypeVar("Row")


def read(name: str) -> Mapping[str, Any]:
    """Return the table ``name``.toml of this package."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def look_up(rows: Mapping[str, Row], kind: str, name: str) -> Row:
    """Return the row called ``name``; raises InvalidRequest, which names the choices, when there is none."""
    if name not in rows:
        raise InvalidRequest(f"There is no {kind} named {name!r}; choose one of: {', '.join(rows)}.")
    return rows[name]


def words(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the lists of words of a row, by the family of models that knows them."""
    return {family: tuple(listed) for family, listed in row.items()}
