"""How the tables of this room are read, how a name is found in them, and how one that is in none is answered."""

import re
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
    """Return the row called ``name``; case, spaces, hyphens and underscores do not matter.

    Raises InvalidRequest, which names the choices, when there is none.
    """
    found = {_plain(each): row for each, row in rows.items()}
    if _plain(name) not in found:
        raise InvalidRequest(f"There is no {kind} named {name!r}; choose one of: {', '.join(rows)}.")
    return found[_plain(name)]


def words(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the lists of words of a row, by the family of models that knows them."""
    return {family: tuple(listed) for family, listed in row.items()}


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())
