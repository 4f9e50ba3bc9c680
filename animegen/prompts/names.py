"""The names that a request chooses from the tables, in the spelling of the tables."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

from animegen.prompts import tables
from animegen.prompts.appearance import KINDS, features
from animegen.prompts.emotions import emotions
from animegen.prompts.presets import presets
from animegen.prompts.quality import qualities
from animegen.prompts.styles import styles
from animegen.tasks import NEUTRAL, Request, fields
from animegen.tasks.kinds import Name, Names

T = TypeVar("T", bound=Request)


def _faces() -> Mapping[str, Any]:
    """Return what a face of a sheet may show: an emotion, or none."""
    return {NEUTRAL: None, **emotions()}


TABLES: Final[Mapping[str, Callable[[], Mapping[str, Any]]]] = {
    **{kind: partial(features, kind) for kind in KINDS},
    "emotion": emotions,
    "face": _faces,
    "style": styles,
    "quality": qualities,
    "preset": presets,
}
"""The tables by the names by which the fields of requests refer to them."""


def spell(table: str, name: str) -> str:
    """Return a name as its table spells it: ``School Uniform`` is ``school_uniform``.

    Raises InvalidRequest when the table does not have it.
    """
    kind = "emotion" if table == "face" else table
    return tables.look_up({each: each for each in TABLES[table]()}, f"prompts.{kind}", name)


def normalize(request: T) -> T:
    """Return a request with every name as its table spells it.

    Raises InvalidRequest for a name that is in no table, and when a sheet names an emotion twice.
    """
    found: dict[str, Any] = {}
    for field in fields(type(request)):
        value, kind = getattr(request, field.name), field.kind
        if isinstance(kind, Name):
            found[field.name] = spell(kind.table, value)
        elif isinstance(kind, Names):
            found[field.name] = tuple(spell(kind.table, name) for name in value)
    return replace(request, **found)
