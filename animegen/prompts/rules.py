"""What is not drawn: sexual content about minors anywhere, and on a public page any sexual content.

No field of a request switches a rule off. The rules read words; what a picture shows is the safety checker's to say.
They know spellings that hide a word: letters that look alike, digits for letters, letters set apart or drawn out.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self

from animegen.errors import InvalidRequest
from animegen.prompts import tables

GROWN: Final = 18
"""Age in years from which a person is grown up."""
NUMBERS: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
)
NUMBER: Final = rf"(\d{{1,2}}|{'|'.join(NUMBERS)})"
AGE: Final = re.compile(rf"\b{NUMBER} ?(?:years? old|years? of age|yrs? old|y ?o\b|歳|才|さい)|\baged? {NUMBER}\b")
APART: Final = re.compile(r"\b[a-z](?: [a-z])+\b")
"""A word whose letters were set apart."""
DRAWN_OUT: Final = re.compile(r"([a-z])\1{2,}")
DIGITS: Final = str.maketrans("013457@$!|", "oieastasii")
AMONG_LETTERS: Final = re.compile(r"(?<=[a-z])[\d@$!|]+|[\d@$!|]+(?=[a-z])")
"""Digits and signs that may stand for letters."""
JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
VOICED: Final = "\u3099\u309a"
"""The marks that make another letter of a Japanese one: no accents to be dropped."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The words of each kind, folded."""

    minor: tuple[str, ...]
    sexual: tuple[str, ...]
    suggestive: tuple[str, ...]
    dressed: tuple[str, ...]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Return the rules of a table of words."""
        return cls(**{kind: tuple(table[kind]) for kind in cls.__dataclass_fields__})

    def check(self, wanted: Iterable[str], negative: str = "", *, public: bool) -> None:
        """Refuse what ``wanted``, all texts that say what to draw, and the negative prompt ask for together.

        Raises InvalidRequest: about minors always, about anybody where the page is ``public``.
        """
        seen = spellings(" , ".join(wanted))
        sexual = _say(seen, self.sexual)
        bare = sexual or _say(seen, self.suggestive) or _say(spellings(negative), self.dressed)
        if bare and (_say(seen, self.minor) or any(map(_young, seen))):
            raise InvalidRequest("Sexual content about minors is never drawn; change the prompt.")
        if public and sexual:
            raise InvalidRequest("Sexual content is not drawn here; change the prompt.")


@cache
def rules() -> Rules:
    """Return the rules that every drawing obeys."""
    return Rules.of(tables.read("rules"))


def spellings(text: str) -> tuple[str, ...]:
    """Return what a text may be read as, folded: as it stands, and with digits taken for letters."""
    plain = _latin(text)
    return fold(plain), fold(AMONG_LETTERS.sub(lambda signs: signs[0].translate(DIGITS), plain))


def fold(text: str) -> str:
    """Return a text in small plain letters and single spaces, words that were set apart or drawn out closed up."""
    parted = re.sub(r"[\W_]+", " ", _latin(text)).strip()
    closed = APART.sub(lambda word: word[0].replace(" ", ""), parted)
    return DRAWN_OUT.sub(r"\1", closed)


def _latin(text: str) -> str:
    """Return a text in small letters, without accents, invisible characters and letters that only look Latin."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(_look_alikes())
    parts = unicodedata.normalize("NFD", small)
    shown = (each for each in parts if each in VOICED or unicodedata.category(each) not in ("Mn", "Cf"))
    return unicodedata.normalize("NFC", "".join(shown))


@cache
def _look_alikes() -> Mapping[int, str]:
    table: Mapping[str, str] = tables.read("rules")["look_alikes"]
    return {ord(other): latin for latin, others in table.items() for other in others}


def _say(readings: Iterable[str], words: Iterable[str]) -> bool:
    """Say whether a word stands in a folded text: a Japanese one anywhere, another whole, or in its plural."""
    return any(_holds(text, word) for text in readings for word in words)


def _holds(text: str, word: str) -> bool:
    if JAPANESE.search(word):
        return word in text
    return any(f" {word}{ending} " in f" {text} " for ending in ("", "s", "es"))


def _young(text: str) -> bool:
    """Say whether a folded text gives an age below GROWN."""
    ages = (found[1] or found[2] for found in AGE.finditer(text))
    return any(age in NUMBERS or int(age) < GROWN for age in ages)
