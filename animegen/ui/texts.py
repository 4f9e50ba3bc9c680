"""What the page says, in English and Japanese: the browser translates labels, Python the sentences it makes."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

import gradio as gr

from animegen import messages
from animegen.messages import Message, Text, render

Language = Literal["en", "ja"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
Bilingual = Mapping[Language, str]

DEPTH: Final = 4

_PREFERENCE = re.compile(r"\s*([a-zA-Z*]+)[^;,]*(?:;\s*q=([0-9.]+))?")


@cache
def table() -> Mapping[str, Bilingual]:
    """Return every text of the page by its key."""
    tables: Mapping[str, Bilingual] = tomllib.loads(_file("texts.toml"))
    return tables


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
    return tuple(Sentence.of(entry["en"], entry["ja"]) for entry in tomllib.loads(_file("sentences.toml"))["sentence"])


def language(request: gr.Request | None) -> Language:
    """Return the language that a visitor's browser prefers; English for scripts and for everyone else."""
    header = request.headers.get("accept-language", "") if request else ""
    wishes = [_PREFERENCE.match(part) for part in header.split(",")[:20]]
    wanted = {wish[1].lower(): _weight(wish[2]) for wish in reversed(wishes) if wish}
    return max(LANGUAGES, key=lambda tongue: wanted.get(tongue, 0.0))


def say(key: str, tongue: Language, **values: object) -> str:
    """Return one text of the table in one language, with its names filled in."""
    return table()[key][tongue].format(**values)


def shown(text: Text, tongue: Language) -> str:
    """Return a message in the visitor's language."""
    known = isinstance(text, Message) and text.id in messages.table()
    return render(text, tongue) if known else translate(str(text), tongue)


def translate(sentence: str, tongue: Language, depth: int = DEPTH) -> str:
    """Return a sentence of the studio in the visitor's language, or as it is where the table does not have it.

    What is filled into it is looked up too, ``depth`` sentences within each other at most.
    """
    if tongue == "ja" and depth:
        for each in sentences():
            if (found := each.filled(sentence)) is not None:
                filled = (translate(part, "ja", depth - 1) for part in found)
                return each.japanese.format(**dict(zip(each.names, filled, strict=True)))
    return sentence


def internationalisation(more: Mapping[str, Bilingual]) -> gr.I18n:
    """Return the labels for the browser: the table, and ``more`` of them (emotions, styles and their like)."""
    both = {**table(), **more}
    return gr.I18n(**{tongue: {key: text[tongue] for key, text in both.items()} for tongue in LANGUAGES})


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
