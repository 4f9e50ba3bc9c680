"""What a prompt rules out (``no glasses``, ``without a hat``, ``(scarf:-1)``), as a negative prompt says it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from animegen.chibi.captions import tidy
from animegen.chibi.wordings import table
from animegen.prompts import syntax

KINDS: Final = ("emotion", "hair_style", "skin", "accessory", "background", "gaze")
"""What can be ruled out for every family of models, and an outfit for chibi alone, which undresses nobody."""
ARTICLE: Final = r"(?:(?:wearing|having|any|an?|the|her|his) )*"


@dataclass(frozen=True, slots=True)
class Negated:
    """A prompt without what it rules out: the ``text``, that as it was ``typed``, and the ``words`` to avoid."""

    text: str
    typed: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def split(text: str, family: str) -> Negated:
    """Return a prompt for a family of models without what it rules out of all that chibi knows, and that apart."""
    typed, avoided = list[str](), list[str]()
    for each, words in syntax.below_zero(text):
        typed.append(each)
        avoided.append(words)
        text = text.replace(each, "", 1)

    def take(match: re.Match[str]) -> str:
        typed.append(match[0])
        avoided.extend(_phrases(family).findall(match[0]))
        return ""

    rest = _negations(family).sub(take, text.replace("_", " "))
    return Negated(tidy(rest), tuple(typed), tuple(dict.fromkeys(avoided))) if typed else Negated(text)


@cache
def _negations(family: str) -> re.Pattern[str]:
    """Return what finds a negation with all that it rules out."""
    said, worn = _any(_known(family)), _any(_tags("accessory"))
    more = rf"(?: (?:or|nor) {ARTICLE}(?:{said})| and {ARTICLE}(?:{worn}))*"
    return re.compile(rf"\b(?:no|not|without) {ARTICLE}(?:{said}){more}(?![\w-])", re.IGNORECASE)


@cache
def _phrases(family: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(_known(family))})(?![\w-])", re.IGNORECASE)


def _known(family: str) -> set[str]:
    """Return all that chibi's wordings say of a character: tags, adjectives of emotions, colours of hair and eyes."""
    kinds = (*KINDS, "outfit") if family == "chibi" else KINDS
    phrases = {phrase for kind in kinds for phrase in _tags(kind)}
    hair = {word for words in table()["hair_colour"].values() for word in words}
    eyes = {word for words in table()["eye_colour"].values() for word in words}
    styles = {phrase for row in table()["hair_style"].values() for phrase in row["phrases"]}
    coloured = {style.format(colour=colour) for style in (*styles, "{colour} hair") for colour in hair}
    return phrases | coloured | {f"{colour} eyes" for colour in eyes}


def _tags(kind: str) -> Iterator[str]:
    for row in table()[kind].values():
        for form in ("tags", "adjectives", "slight", "strong"):
            yield from row.get(form, ())


def _any(phrases: set[str] | Iterator[str]) -> str:
    """Return what finds the longest of some phrases."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
