"""The emotions a picker offers, and the words each says at each strength to each family of models."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from animegen.chibi.wordings import band
from animegen.prompts import tables

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Emotion:
    """One emotion: its labels, and its words by family of models and then by ``slight``, ``plain``, ``strong``."""

    name: str
    label: str
    label_ja: str
    bands: Mapping[str, Words]

    @property
    def families(self) -> tuple[str, ...]:
        """The families of models that know the emotion."""
        return tuple(self.bands)

    def words(self, family: str, strength: float) -> tuple[str, ...]:
        """Return what is said to a family at a strength from 0 (a neutral face) to 1; ``none`` says nothing."""
        level = band(strength)
        if not self.bands[family]:
            return ()
        return neutral()[family] if level == "neutral" else self.bands[family][level]


@cache
def emotions() -> Mapping[str, Emotion]:
    """Return every emotion by its name, ``none`` first."""
    return {
        name: Emotion(name, row["label"], row["label_ja"], {kind: tables.words(row[kind]) for kind in row["families"]})
        for name, row in tables.read("emotions").items()
        if name != "neutral"
    }


@cache
def neutral() -> Words:
    """Return the words of a face without emotion, by family of models."""
    return tables.words(tables.read("emotions")["neutral"])


def emotion(name: str) -> Emotion:
    """Return the emotion of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(emotions(), "emotion", name)
