"""The hair styles, hair colours and outfits of the pickers, and their words by family of models."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

from animegen.prompts import tables

Kind = Literal["hair_style", "hair_colour", "outfit"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Feature:
    """One choice of a picker: its labels, and its words by family of models."""

    name: str
    label: str
    label_ja: str
    words: Mapping[str, tuple[str, ...]]


@cache
def features(kind: Kind) -> Mapping[str, Feature]:
    """Return the choices of one picker by name, ``none`` first."""
    return {
        name: Feature(name, row["label"], row["label_ja"], tables.words(row["words"]))
        for name, row in tables.read("appearance")[kind].items()
    }


def feature(kind: Kind, name: str) -> Feature:
    """Return the choice of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(features(kind), f"prompts.{kind}", name)
