"""The three levels of the quality layer: words to ask for, and words to stay away from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from animegen.prompts import tables


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
    """Return the levels by their names, from the least to the most."""
    return {
        name: Quality(name, row["label"], row["label_ja"], tables.words(row["words"]), tables.words(row["negative"]))
        for name, row in tables.read("quality").items()
    }


def quality(name: str) -> Quality:
    """Return the level of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(qualities(), "quality level", name)
