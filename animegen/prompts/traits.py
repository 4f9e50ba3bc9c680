"""The traits of a character that stay the same whatever its emotion, and those that a prompt does not specify."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from animegen.prompts import tables


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait: the patterns of words that specify it, and its choices by family of models.

    With ``multiple``, several choices may be true or none, and each is specified by its own words. With
    ``own_drawings``, the trait is recognised in drawings of the model only, not in other pictures.
    """

    name: str
    choices: Mapping[str, tuple[str, ...]]
    patterns: tuple[str, ...] = ()
    multiple: bool = False
    own_drawings: bool = False


@cache
def traits() -> tuple[Trait, ...]:
    """Return every trait of the table."""
    return tuple(_trait(name, **row) for name, row in tables.read("traits").items())


def _trait(name: str, *, choices: Mapping[str, Iterable[str]], patterns: Iterable[str] = (), **flags: bool) -> Trait:
    return Trait(name, tables.words(choices), tuple(patterns), **flags)


def unspecified(text: str, family: str, *, own_drawing: bool = False) -> tuple[tuple[str, ...], ...]:
    """Return the choices for each trait that a prompt does not specify; exactly one of them is true.

    ``own_drawing`` says that they are to be recognised in a drawing of the model.
    """
    single = (trait for trait in traits() if not trait.multiple and own_drawing >= trait.own_drawings)
    return tuple(trait.choices[family] for trait in single if not _contains(text, trait.patterns))


def unspecified_accessories(text: str, family: str) -> tuple[str, ...]:
    """Return the choices that a prompt does not name, of which any number may be true."""
    multiple = (choice for trait in traits() if trait.multiple for choice in trait.choices[family])
    return tuple(choice for choice in multiple if not _contains(text, [choice]))


def _contains(text: str, patterns: Iterable[str]) -> bool:
    """Return whether a text contains one of the patterns as a word, with or without a number before it."""
    plain = text.lower().replace("_", " ")
    return any(re.search(rf"\b\d*{pattern}\b", plain) for pattern in patterns)
