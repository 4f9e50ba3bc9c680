"""Negations in a prompt (``no glasses``, ``without a hat``, ``(scarf:-1)``), moved to the negative prompt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from animegen.chibi.captions import tidy
from animegen.chibi.wordings import table
from animegen.prompts import syntax

NEGATABLE: Final = ("emotion", "hair_style", "skin", "accessory", "background", "gaze")
"""What can be negated for every model; outfits only for one that cannot draw a character without."""
ARTICLE: Final = r"(?:(?:wearing|having|any|an?|the|her|his) )*"


@dataclass(frozen=True, slots=True)
class Negated:
    """The ``text`` of a prompt without its negations, these as ``typed``, and the ``words`` to avoid."""

    text: str
    typed: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def split(text: str, *, outfits: bool) -> Negated:
    """Split a prompt from its negations of what chibi's captions name, with or without ``outfits``."""
    typed, avoided = list[str](), list[str]()
    for each, words in syntax.below_zero(text):
        typed.append(each)
        avoided.append(words)
        text = text.replace(each, "", 1)

    def take(match: re.Match[str]) -> str:
        typed.append(match[0])
        avoided.extend(_phrases(outfits).findall(match[0]))
        return ""

    rest = _negations(outfits).sub(take, text.replace("_", " "))
    return Negated(tidy(rest), tuple(typed), tuple(dict.fromkeys(avoided))) if typed else Negated(text)


@cache
def _negations(outfits: bool) -> re.Pattern[str]:
    """Return the pattern of a negation with everything that it negates."""
    known, accessories = _any(_known(outfits)), _any(_tags("accessory"))
    more = rf"(?: (?:or|nor) {ARTICLE}(?:{known})| and {ARTICLE}(?:{accessories}))*"
    return re.compile(rf"\b(?:no|not|without) {ARTICLE}(?:{known}){more}(?![\w-])", re.IGNORECASE)


@cache
def _phrases(outfits: bool) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(_known(outfits))})(?![\w-])", re.IGNORECASE)


def _known(outfits: bool) -> set[str]:
    """Return the phrases of chibi's captions: tags, adjectives of emotions, colours of hair and eyes."""
    attributes = (*NEGATABLE, "outfit") if outfits else NEGATABLE
    phrases = {phrase for attribute in attributes for phrase in _tags(attribute)}
    hair = {word for words in table()["hair_colour"].values() for word in words}
    eyes = {word for words in table()["eye_colour"].values() for word in words}
    styles = {phrase for row in table()["hair_style"].values() for phrase in row["phrases"]}
    coloured = {style.format(colour=colour) for style in (*styles, "{colour} hair") for colour in hair}
    return phrases | coloured | {f"{colour} eyes" for colour in eyes}


def _tags(attribute: str) -> Iterator[str]:
    for row in table()[attribute].values():
        for form in ("tags", "adjectives", "slight", "strong"):
            yield from row.get(form, ())


def _any(phrases: set[str] | Iterator[str]) -> str:
    """Return the pattern of any of some phrases, the longest first."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
