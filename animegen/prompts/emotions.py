"""The emotions of the picker, and their words by family of models and strength."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from animegen.chibi.captions import tidy
from animegen.chibi.wordings import band, table
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
        """Return the words for a family at a strength from 0 (a neutral face) to 1; ``none`` has none."""
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
    return tables.look_up(emotions(), "prompts.emotion", name)


def remove_emotions(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a prompt without its words of emotion, and these as typed."""
    found = tuple(match[0] for match in _pattern().finditer(text.replace("_", " ")))
    return (tidy(_pattern().sub("", text.replace("_", " "))), found) if found else (text, ())


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of an emotion in the words of any family, with its degree: "with a very sad face"."""
    rows, strength = table()["emotion"].values(), table()["strength"]
    lists = [phrases for row in rows for phrases in row.values()]
    lists += [words for each in emotions().values() for words in each.bands["general"].values()]
    words = {phrase for phrases in (*lists, neutral()["general"]) for phrase in phrases}
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    degree = "|".join([*strength["slight_feeling"], *strength["slight"], *strength["strong"]])
    return re.compile(
        rf"\b(?:(?:no|not|without|with an?) )?(?:(?:{degree}) )?(?:{either})(?: (?:expression|face|look))?(?![\w-])",
        re.IGNORECASE,
    )
