"""What stays the same about a character however it feels, as far as a prompt leaves it open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from animegen.prompts import tables


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait: the words by which a prompt has decided it, and the choices by family of models."""

    name: str
    said: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]


@cache
def traits() -> tuple[Trait, ...]:
    """Return every trait of the table."""
    rows = tables.read("traits").items()
    return tuple(Trait(name, tuple(row["said"]), tables.words(row["choices"])) for name, row in rows)


def undecided(text: str, family: str) -> tuple[tuple[str, ...], ...]:
    """Return the choices of a family for each trait of which a prompt says nothing."""
    plain = text.lower().replace("_", " ")
    return tuple(
        trait.choices[family]
        for trait in traits()
        if not any(re.search(rf"\b\d*{word}\b", plain) for word in trait.said)  # how many there are stands before it
    )
