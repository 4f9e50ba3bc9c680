"""The three quality levels: their tags for the prompt and for the negative prompt."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from animegen.prompts import tables

DRAFT: Final = "draft"
"""The level that asks for no quality words."""
STANDARD: Final = "standard"
"""The level of a request that names none."""


@dataclass(frozen=True, slots=True)
class Quality:
    """One level: its labels, and its words and negative words by family of models."""

    name: str
    label: str
    label_ja: str
    words: Mapping[str, tuple[str, ...]]
    negative: Mapping[str, tuple[str, ...]]


@cache
def qualities() -> Mapping[str, Quality]:
    """Return the levels by name, the lowest first."""
    return {
        name: Quality(name, row["label"], row["label_ja"], tables.words(row["words"]), tables.words(row["negative"]))
        for name, row in tables.read("quality").items()
    }


def quality(name: str) -> Quality:
    """Return the level of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(qualities(), "prompts.quality", name)
