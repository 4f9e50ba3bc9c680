"""Content rules: no sexual content about minors anywhere, and none at all on a public page.

No field of a request turns a rule off. The rules read prompts; pictures are the safety checker's concern. They
recognize disguised spellings: look-alike letters, digits for letters, letters spaced out or repeated.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, Self

from animegen.errors import InvalidRequest
from animegen.prompts import tables

GROWN: Final = 18
"""Age of majority in years."""
NUMBERS: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
)
NUMBER: Final = rf"(\d{{1,2}}|{'|'.join(NUMBERS)})"
AGE: Final = re.compile(
    rf"\b{NUMBER} ?(?:years? old|years? of age|yrs? old|y ?o\b|歳|才|さい)|\baged?(?: of)? {NUMBER}\b"
)
YOUNG: Final = re.compile(
    r"(?<![一二三四五六七八九十百千])(?:[一二三四五六七八九]|十[一二三四五六七]?) ?(?:歳|才|さい)"
    r"|\b(?:months?|weeks?|days?) old\b|\b(?:under|below|younger than) (?:18|eighteen)\b"
)
"""An age below GROWN in other forms: in Japanese numerals, in months, "under 18"."""
LETTER: Final = r"[a-z\u3040-\u30ff\u3400-\u9fff]"
APART: Final = re.compile(rf"\b{LETTER}(?: {LETTER})+\b")
"""A word whose letters are spaced out."""
JOINTS: Final = re.compile(r"(?<=\w)[-_.*+~^'`´’/\\|·・•…=#&%]+(?=\w)")
"""Signs that may be inserted into a word to disguise it; commas and brackets separate words."""
DRAWN_OUT: Final = re.compile(r"([a-z])\1{2,}")
DIGITS: Final = str.maketrans("013457@$!|", "oieastasii")
AMONG_LETTERS: Final = re.compile(r"(?<=[a-z])[\d@$!|]+|[\d@$!|]+(?=[a-z])")
"""Digits and signs that may replace letters."""
JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""The boundary of two words written as one: ``TwoWords``."""
KATAKANA: Final = r"[\u30a0-\u30ff]"
KANJI: Final = r"[\u3400-\u9fff\u3005]"
Patterns = dict[str, re.Pattern[str]]
VOICED: Final = "\u3099\u309a"
"""The voicing marks of Japanese, which are not accents to be dropped."""
FILLERS: Final = "\u115f\u1160"
"""Invisible letters of Korean."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The words of each kind, folded, and harmless phrases that contain one of them.

    Those of ``harmless_if_grown`` are harmless unless a minor is mentioned.
    """

    minor: tuple[str, ...]
    sexual: tuple[str, ...]
    suggestive: tuple[str, ...]
    dressed: tuple[str, ...]
    harmless: tuple[str, ...] = ()
    harmless_if_grown: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Return the rules of a table of words."""
        return cls(**{kind: tuple(table[kind]) for kind in cls.__dataclass_fields__})

    def check(self, texts: Iterable[str], negative: str = "", *, public: bool) -> None:
        """Check all texts that describe a drawing together, and the negative prompt.

        Raises InvalidRequest for sexual content: about minors always, about anybody on a ``public`` page.
        """
        text = " , ".join(texts)
        seen = self._readings(text, self._harmless)
        sexual = _mention(seen, self.sexual)
        bare = sexual or _mention(seen, self.suggestive) or _mention(self._readings(negative, {}), self.dressed)
        if bare and (_mention(seen, self.minor) or any(map(_young, seen))):
            raise InvalidRequest("prompts.sexual_minor")
        if public and sexual and _mention(self._readings(text, self._harmless | self._harmless_if_grown), self.sexual):
            raise InvalidRequest("prompts.sexual")

    def _readings(self, text: str, harmless: Patterns) -> list[str]:
        """Return the possible readings of a text, folded, without harmless phrases, words written as one separated."""
        parted = CAPITAL.sub(" ", unicodedata.normalize("NFKC", text))
        whole, split = (_without(_latin(each), harmless) for each in (text, parted))
        return [self._two_words.sub(r"\1 \2", each) for each in (*spellings(whole), fold(re.sub(r"\d+", " ", split)))]

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return (*self.minor, *self.sexual, *self.suggestive)

    @cached_property
    def _two_words(self) -> re.Pattern[str]:
        """The pattern of two of the words written as one."""
        either = "|".join(word for word in self._words if re.fullmatch("[a-z]{3,}", word))
        return re.compile(rf"\b({either})s?({either})\b" if either else r"(?!)()()")

    @cached_property
    def _harmless(self) -> Patterns:
        return {phrase: _alone(phrase, self._words) for phrase in sorted(self.harmless, key=len, reverse=True)}

    @cached_property
    def _harmless_if_grown(self) -> Patterns:
        return {phrase: _alone(phrase, self._words) for phrase in sorted(self.harmless_if_grown, key=len, reverse=True)}


@cache
def rules() -> Rules:
    """Return the rules of the table."""
    return Rules.of(tables.read("rules"))


def spellings(text: str) -> tuple[str, ...]:
    """Return the readings of a text, folded: as typed, with digits as letters, and without signs inside words too."""
    plain = _latin(text)
    return fold(plain), fold(_lettered(plain)), fold(_lettered(JOINTS.sub("", plain)))


def _lettered(text: str) -> str:
    return AMONG_LETTERS.sub(lambda signs: signs[0].translate(DIGITS), text)


def fold(text: str) -> str:
    """Return a text in plain lower case and single spaces, with spaced-out and repeated letters joined."""
    parted = re.sub(r"[\W_]+", " ", _latin(text)).strip()
    closed = APART.sub(lambda word: word[0].replace(" ", ""), parted)
    return DRAWN_OUT.sub(r"\1", closed)


def _latin(text: str) -> str:
    """Return a text in lower case and Latin letters, without accents, look-alikes and invisible characters."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(_look_alikes())
    parts = unicodedata.normalize("NFD", small)
    shown = (each for each in parts if each in VOICED or unicodedata.category(each) not in ("Mn", "Me", "Cf"))
    return unicodedata.normalize("NFC", "".join(each for each in shown if each not in FILLERS))


@cache
def _look_alikes() -> Mapping[int, str]:
    table: Mapping[str, str] = tables.read("rules")["look_alikes"]
    return {ord(other): latin for latin, others in table.items() for other in others}


def _mention(readings: Iterable[str], words: Iterable[str]) -> bool:
    """Return whether a folded text contains a word: a Japanese one anywhere, another whole or in the plural."""
    padded = [f" {text} " for text in readings]
    return any(_contains(text, word) for text in padded for word in words)


def _contains(padded: str, word: str) -> bool:
    if word not in padded or JAPANESE.search(word):
        return word in padded
    return any(f" {word}{ending} " in padded for ending in ("", "s", "es"))


def _without(plain: str, harmless: Patterns) -> str:
    """Return a text in plain lower case without some phrases, each replaced by a comma."""
    for phrase, alone in harmless.items():
        if phrase.partition(" ")[0] in plain:
            plain = alone.sub(" , ", plain)
    return plain


def _alone(phrase: str, words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of a phrase as whole words; a Japanese one is whole between letters of another script.

    A Japanese phrase does not match where a word of the rules overlaps one of its ends.
    """
    if not JAPANESE.search(phrase):
        return re.compile(rf"(?<![a-z0-9]){phrase.replace(' ', '[ _-]+')}(?:s|es)?(?![a-z0-9])")
    parts = [(word[:at], word[at:]) for word in words for at in range(1, len(word))]
    before = {f"(?<!{first})" for first, last in parts if phrase.startswith(last)}
    after = {f"(?!{last})" for first, last in parts if phrase.endswith(first)}
    left, right = (KATAKANA if re.match(KATAKANA, end) else KANJI for end in (phrase[0], phrase[-1]))
    return re.compile("".join((f"(?<!{left})", *sorted(before), phrase, f"(?!{right})", *sorted(after))))


def _young(text: str) -> bool:
    """Return whether a folded text gives an age below GROWN."""
    if YOUNG.search(text):
        return True
    ages = (found[1] or found[2] for found in AGE.finditer(text))
    return any(age in NUMBERS or int(age) < GROWN for age in ages)
