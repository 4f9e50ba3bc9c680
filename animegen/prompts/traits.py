"""What stays the same about a character however it feels, as far as a prompt leaves it open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from animegen.prompts import tables


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait: the words by which a prompt has decided it, and the choices by family of models.

    Of ``several`` choices each may be true or not, and each is said by its own words. One that is ``drawn`` can be told
    of a drawing of the model's own alone.
    """

    name: str
    said: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]
    several: bool
    drawn: bool


@cache
def traits() -> tuple[Trait, ...]:
    """Return every trait of the table."""
    rows = tables.read("traits").items()
    return tuple(
        Trait(
            name,
            tuple(row.get("said", ())),
            tables.words(row["choices"]),
            several=row.get("several", False),
            drawn=row.get("drawn", False),
        )
        for name, row in rows
    )


def undecided(text: str, family: str, *, drawn: bool = False) -> tuple[tuple[str, ...], ...]:
    """Return the choices of a family for each trait, one of which is true, of which a prompt says nothing.

    ``drawn`` says that they are for a drawing of the model's own.
    """
    single = (trait for trait in traits() if not trait.several and drawn >= trait.drawn)
    return tuple(trait.choices[family] for trait in single if not _says(text, trait.said))


def unsaid(text: str, family: str) -> tuple[str, ...]:
    """Return the choices of a family of which several may be true and a prompt names none."""
    several = (choice for trait in traits() if trait.several for choice in trait.choices[family])
    return tuple(choice for choice in several if not _says(text, [choice]))


def _says(text: str, words: Sequence[str]) -> bool:
    """Say whether a text has one of the words, how many there are of it before it or not."""
    plain = text.lower().replace("_", " ")
    return any(re.search(rf"\b\d*{word}\b", plain) for word in words)
