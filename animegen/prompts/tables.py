"""The tables of prompts: reading one, and looking a name up in it."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TypeVar

from animegen.errors import InvalidRequest
from animegen.messages import message

Row = TypeVar("Row")


def read(name: str) -> Mapping[str, Any]:
    """Return the table ``name``.toml of this package."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def look_up(rows: Mapping[str, Row], kind: str, name: str) -> Row:
    """Return the row called ``name``; case, spaces, hyphens and underscores do not matter.

    ``kind`` is the message id of what the rows are.

    Raises InvalidRequest, which names the choices, when there is none.
    """
    found = {_plain(each): row for each, row in rows.items()}
    if _plain(name) not in found:
        raise InvalidRequest("prompts.unknown_name", kind=message(kind), name=name, choices=tuple(rows))
    return found[_plain(name)]


def words(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the words of a row by family of models."""
    return {family: tuple(words) for family, words in row.items()}


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())
