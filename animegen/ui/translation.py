"""Japanese for the sentences of rooms whose messages have no ids yet: found by their English."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from animegen.messages import Language, Message, Text, render, table

DEPTH: Final = 4


@dataclass(frozen=True)
class Sentence:
    """A sentence of the floors below: what stands ``between`` the names that are filled in, and the Japanese."""

    between: tuple[str, ...]
    names: tuple[str, ...]
    japanese: str

    @classmethod
    def of(cls, english: str, japanese: str) -> "Sentence":
        """Return the sentence of an entry of the table, with its names in braces."""
        parts = re.split(r"\{(\w+)\}", english)
        return cls(tuple(parts[::2]), tuple(parts[1::2]), japanese)

    def filled(self, sentence: str) -> list[str] | None:
        """Return what is filled in, each as short as it can be and never nothing; None where it is another sentence.

        Takes time in proportion to the sentence, which may hold a visitor's own words; a regular expression does not.
        """
        first, *others = self.between
        if not others:
            return [] if sentence == first else None
        *middle, last = others
        at, end, found = len(first), len(sentence) - len(last), list[str]()
        if at >= end or not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        for words in middle:
            place = sentence.find(words, at + 1, end)
            if place < 0:
                return None
            found.append(sentence[at:place])
            at = place + len(words)
        return [*found, sentence[at:end]] if at < end else None


@cache
def sentences() -> tuple[Sentence, ...]:
    """Return the sentences of the floors below, with what they are in Japanese."""
    return tuple(
        Sentence.of(entry["en"], entry["ja"])
        for entry in tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))["sentence"]
    )


def shown(text: Text, language: Language) -> str:
    """Return a message in the visitor's language."""
    known = isinstance(text, Message) and text.id in table()
    return render(text, language) if known else translate(str(text), language)


def translate(sentence: str, language: Language, depth: int = DEPTH) -> str:
    """Return a sentence of the studio in the visitor's language, or as it is where the table does not have it.

    What is filled into it is looked up too, ``depth`` sentences within each other at most.
    """
    if language == "ja" and depth:
        for each in sentences():
            if (found := each.filled(sentence)) is not None:
                filled = (translate(part, "ja", depth - 1) for part in found)
                return each.japanese.format(**dict(zip(each.names, filled, strict=True)))
    return sentence
