"""What is not drawn: sexual content about minors anywhere, and on a public page any sexual content.

No field of a request switches a rule off. The rules read words; what a picture shows is the safety checker's to say.
They know spellings that hide a word: letters that look alike, digits for letters, letters set apart or drawn out.
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
"""Age in years from which a person is grown up."""
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
"""An age below GROWN that is no number of years in digits or English words."""
LETTER: Final = r"[a-z\u3040-\u30ff\u3400-\u9fff]"
APART: Final = re.compile(rf"\b{LETTER}(?: {LETTER})+\b")
"""A word whose letters were set apart."""
JOINTS: Final = re.compile(r"(?<=\w)[-_.*+~^'`´’/\\|·・•…=#&%]+(?=\w)")
"""Signs that may stand within a word to hide it; commas and brackets part words."""
DRAWN_OUT: Final = re.compile(r"([a-z])\1{2,}")
DIGITS: Final = str.maketrans("013457@$!|", "oieastasii")
AMONG_LETTERS: Final = re.compile(r"(?<=[a-z])[\d@$!|]+|[\d@$!|]+(?=[a-z])")
"""Digits and signs that may stand for letters."""
JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a word begins that was run together with the one before it."""
KATAKANA: Final = r"[\u30a0-\u30ff]"
KANJI: Final = r"[\u3400-\u9fff\u3005]"
Patterns = dict[str, re.Pattern[str]]
VOICED: Final = "\u3099\u309a"
"""The marks that make another letter of a Japanese one: no accents to be dropped."""
FILLERS: Final = "\u115f\u1160"
"""Letters of Korean that nobody sees."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The words of each kind, folded, and the harmless phrases that hold one and mean something else.

    Those of ``harmless_if_grown`` are harmless where nobody is a minor.
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

    def check(self, wanted: Iterable[str], negative: str = "", *, public: bool) -> None:
        """Refuse what ``wanted``, all texts that say what to draw, and the negative prompt ask for together.

        Raises InvalidRequest: about minors always, about anybody where the page is ``public``.
        """
        text = " , ".join(wanted)
        seen = self._readings(text, self._harmless)
        sexual = _say(seen, self.sexual)
        bare = sexual or _say(seen, self.suggestive) or _say(self._readings(negative, {}), self.dressed)
        if bare and (_say(seen, self.minor) or any(map(_young, seen))):
            raise InvalidRequest("prompts.sexual_minor")
        if public and sexual and _say(self._readings(text, self._harmless | self._harmless_if_grown), self.sexual):
            raise InvalidRequest("prompts.sexual")

    def _readings(self, text: str, harmless: Patterns) -> list[str]:
        """Return what a text may be read as, folded, without harmless phrases and with no two words run together."""
        parted = CAPITAL.sub(" ", unicodedata.normalize("NFKC", text))
        whole, split = (_without(_latin(each), harmless) for each in (text, parted))
        return [self._two_words.sub(r"\1 \2", each) for each in (*spellings(whole), fold(re.sub(r"\d+", " ", split)))]

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return (*self.minor, *self.sexual, *self.suggestive)

    @cached_property
    def _two_words(self) -> re.Pattern[str]:
        """What finds two of the words run together."""
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
    """Return the rules that every drawing obeys."""
    return Rules.of(tables.read("rules"))


def spellings(text: str) -> tuple[str, ...]:
    """Return what a text may be read as, folded: as it stands, with digits for letters, with words closed up too."""
    plain = _latin(text)
    return fold(plain), fold(_lettered(plain)), fold(_lettered(JOINTS.sub("", plain)))


def _lettered(text: str) -> str:
    return AMONG_LETTERS.sub(lambda signs: signs[0].translate(DIGITS), text)


def fold(text: str) -> str:
    """Return a text in small plain letters and single spaces, words that were set apart or drawn out closed up."""
    parted = re.sub(r"[\W_]+", " ", _latin(text)).strip()
    closed = APART.sub(lambda word: word[0].replace(" ", ""), parted)
    return DRAWN_OUT.sub(r"\1", closed)


def _latin(text: str) -> str:
    """Return a text in small letters, without accents, invisible characters and letters that only look Latin."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(_look_alikes())
    parts = unicodedata.normalize("NFD", small)
    shown = (each for each in parts if each in VOICED or unicodedata.category(each) not in ("Mn", "Me", "Cf"))
    return unicodedata.normalize("NFC", "".join(each for each in shown if each not in FILLERS))


@cache
def _look_alikes() -> Mapping[int, str]:
    table: Mapping[str, str] = tables.read("rules")["look_alikes"]
    return {ord(other): latin for latin, others in table.items() for other in others}


def _say(readings: Iterable[str], words: Iterable[str]) -> bool:
    """Say whether a word stands in a folded text: a Japanese one anywhere, another whole, or in its plural."""
    padded = [f" {text} " for text in readings]
    return any(_holds(text, word) for text in padded for word in words)


def _holds(padded: str, word: str) -> bool:
    if word not in padded or JAPANESE.search(word):
        return word in padded
    return any(f" {word}{ending} " in padded for ending in ("", "s", "es"))


def _without(plain: str, harmless: Patterns) -> str:
    """Return a text of small plain letters without some phrases; nothing that they parted comes together."""
    for phrase, alone in harmless.items():
        if phrase.partition(" ")[0] in plain:
            plain = alone.sub(" , ", plain)
    return plain


def _alone(phrase: str, words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a phrase that stands alone: as whole words, or with other letters than its own on both sides.

    Where a word of the rules reaches across an end of a Japanese one, the phrase would cut it apart and is none.
    """
    if not JAPANESE.search(phrase):
        return re.compile(rf"(?<![a-z0-9]){phrase.replace(' ', '[ _-]+')}(?:s|es)?(?![a-z0-9])")
    parts = [(word[:at], word[at:]) for word in words for at in range(1, len(word))]
    before = {f"(?<!{first})" for first, last in parts if phrase.startswith(last)}
    after = {f"(?!{last})" for first, last in parts if phrase.endswith(first)}
    left, right = (KATAKANA if re.match(KATAKANA, end) else KANJI for end in (phrase[0], phrase[-1]))
    return re.compile("".join((f"(?<!{left})", *sorted(before), phrase, f"(?!{right})", *sorted(after))))


def _young(text: str) -> bool:
    """Say whether a folded text gives an age below GROWN."""
    if YOUNG.search(text):
        return True
    ages = (found[1] or found[2] for found in AGE.finditer(text))
    return any(age in NUMBERS or int(age) < GROWN for age in ages)
