"""Captions for chibi's training pictures, the tokenizer made from them, and which words they never say."""

import json
import random
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from itertools import chain
from typing import Any, Final

from animegen.chibi.character import VOCABULARY, Character
from animegen.chibi.wordings import fill, slots, table, tags

STATED: Final = 0.8
"""How often a caption says an attribute."""
NAMED: Final = 0.9
"""How often a caption names an accessory that is there."""
EYE_CONTACT: Final = 0.2
"""How often a caption says that the character looks at the viewer."""
NO_MARKS: Final = 0.03
"""How often a caption says that there is no mark; one that is there it always says, so that silence means none."""
FEW: Final = 1 / 12
"""How often a caption says one or two things only."""
CHATTER: Final = 0.3
"""How often a caption has words before and after it that say nothing."""
MARKS: Final = ".;:!?|/+-*&~=#<>"
REPEATS: Final = 500
"""How many times the tokenizer reads the table, so that its rare words become tokens too."""
SPECIAL: Final = ("<|startoftext|>", "<|endoftext|>")
_PUNCTUATION: Final = "!-~、，。“”‘’„«»–—…・「」『』【】（）！？：；～"
_PIECE: Final = re.compile(rf"\bno[ _]+emotion\b|[^\W_]+(?:['’][^\W_]+)?|[^\w\s{_PUNCTUATION}]+", re.IGNORECASE)
"""A word with its digits, or signs that are no punctuation, such as an emoji."""


def caption(character: Character, rng: random.Random) -> str:
    """Return a training caption: danbooru-style tags, an English sentence, or its parts among words without meaning.

    The last make chibi robust: people write in other words and with other marks than any table foresees, and what it
    cannot know must not change what it does know.
    """
    return caption_with_stated(character, rng)[0]


def caption_with_stated(character: Character, rng: random.Random) -> tuple[str, frozenset[str]]:
    """Return a caption and what it states: names of attributes, and of accessories that are there."""
    names = choose(character, rng, attribute=STATED, accessory=NAMED)
    if rng.random() < FEW:
        few = rng.sample(sorted(names), min(len(names), rng.randint(1, 2)))
        names = frozenset(few) | ({"marks"} if character.marks != "none" else set())
    (shape,) = rng.choices((_tag_list, _sentence, _scattered), (0.45, 0.3, 0.25))
    text = shape(character, names, rng)
    if rng.random() < CHATTER:
        text = f"{_chatter(rng)} {text} {_chatter(rng)}".strip()
    return text, names


def choose(character: Character, rng: random.Random, *, attribute: float, accessory: float) -> frozenset[str]:
    """Return what a text about a character states: each attribute and accessory with its own probability."""
    chances = dict.fromkeys(VOCABULARY, attribute) | dict.fromkeys(sorted(character.accessories), accessory)
    if character.gaze == "viewer":
        chances["gaze"] = EYE_CONTACT
    chances["marks"] = NO_MARKS if character.marks == "none" else 1.0
    return frozenset(name for name, chance in chances.items() if rng.random() < chance) or frozenset({"emotion"})


def _tag_list(character: Character, names: Collection[str], rng: random.Random) -> str:
    words = tags(character, names, rng)
    words += rng.sample(table()["ignored"], rng.choice([0, 0, 0, 1, 1, 2]))
    rng.shuffle(words)
    if rng.random() < 0.5:  # the usual place of "1girl" and "1boy" is in front
        words.sort(key=lambda word: word not in ("1girl", "1boy"))
    if rng.random() < 0.1:
        words = [word.replace(" ", "_") for word in words]
    (between,) = rng.choices((", ", " ", f" {rng.choice(MARKS)} "), (0.8, 0.05, 0.15))
    return between.join(words)


def _sentence(character: Character, names: Collection[str], rng: random.Random) -> str:
    return fill(rng.choice(table()["templates"]["sentences"]), slots(character, names, rng))


def _scattered(character: Character, names: Collection[str], rng: random.Random) -> str:
    """Return tags or the phrases of a sentence in any order, with what says nothing between them."""
    if rng.random() < 0.5:
        pieces = tags(character, names, rng)
    else:
        said = slots(character, names, rng)
        felt = rng.choice(["emotion", "face", "feeling"])
        pieces = [
            said[name]
            for name in (felt, "person", "hair", "eyes", "skin", "gaze", "outfit", "extras", "marks", "place")
        ]
    rng.shuffle(pieces)
    return " ".join(f"{piece} {chatter}" if (chatter := _chatter(rng)) else f"{piece}," for piece in pieces if piece)


def _chatter(rng: random.Random) -> str:
    """Return up to three words and marks that say nothing; some words are invented, as if they were new to chibi."""
    makers = (
        lambda: rng.choice(table()["ordinary"]),
        lambda: "".join(rng.choice("bcdfghjklmnprstvwz") + rng.choice("aeiou") for _ in range(rng.randint(1, 2))),
        lambda: rng.choice(MARKS),
    )
    count = rng.choice([0, 0, 1, 1, 2, 3])
    return " ".join(make() for make in rng.choices(makers, (5, 2, 3), k=count))


def unknown_words(text: str) -> tuple[str, ...]:
    """Return the words and signs of a prompt that no wording and no template contains, in order, once each.

    Punctuation says nothing; ``no`` is known in "no emotion" alone.
    """
    return understood(text)[1]


def understood(text: str, also: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """Return a prompt without the words and signs that chibi does not know, and these in order, once each.

    What is left is what the prompt would be, had they never been typed. Words of ``also``, in small letters, are known.
    """
    unknown: dict[str, None] = {}

    def sift(match: re.Match[str]) -> str:
        word = match[0].lower()
        if _stem(word) in known_words() or word in also:
            return match[0]
        unknown[word] = None
        return ""

    left = _PIECE.sub(sift, unicodedata.normalize("NFC", text))
    return (tidy(left), tuple(unknown)) if unknown else (text, ())


def with_hair(text: str) -> str:
    """Return a prompt in which a colour before a hair style alone is said of hair: "red braid" is "red hair, braid".

    No caption has the short form, and chibi loses the colour in it.
    """
    return _coloured_style().sub(r"\1 hair, \2", text)


@cache
def _coloured_style() -> re.Pattern[str]:
    """Return what finds a colour of hair and the style that it stands before."""
    colours = {word for words in table()["hair_colour"].values() for word in words}
    styles = {tag for words in table()["hair_style"].values() for tag in words["tags"] if "hair" not in tag}
    either = ["|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) for words in (colours, styles)]
    return re.compile(rf"\b({either[0]})[\s_]+({either[1]})\b", re.IGNORECASE)


def pieces(text: str) -> frozenset[str]:
    """Return the words and signs of a text as ``understood`` tells them apart, in small letters."""
    return frozenset(match[0].lower() for match in _PIECE.finditer(text))


def tidy(text: str) -> str:
    """Return a text out of which words were taken without the brackets and commas that they leave, in single spaces."""
    while (emptied := re.sub(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>", "", text)) != text:
        text = emptied
    return re.sub(r"\s*([,;、，。])(?:\s*[,;、，。])*", r"\1", " ".join(text.split())).strip(" ,;、，。")


def _stem(word: str) -> str:
    """Return a word without what follows an apostrophe, and the phrase "no emotion" with one space."""
    return " ".join(re.split("['’]", word)[0].replace("_", " ").split())


@cache
def known_words() -> frozenset[str]:
    """Return every word that stands in a wording or a template, in small letters."""
    said = {name: entry for name, entry in table().items() if name not in ("ignored", "general", "ordinary")}
    slot_free = re.sub(r"\{\w+\}", " ", " ".join(_strings(said))).lower()
    parts = (part for word in pieces(slot_free) for part in (word, *re.findall(r"\d+|[^\W\d_]+", word)))
    return frozenset(parts) - {"no"} | {"hair", "eyes"}


def _strings(entry: Any) -> Iterable[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict | list):
        for part in entry.values() if isinstance(entry, dict) else entry:
            yield from _strings(part)


def train_tokenizer(texts: Iterable[str], vocab_size: int = 1_472) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Return vocabulary and merges of a byte-pair tokenizer in CLIP's form, which `CLIPTokenizer` takes.

    It learns from ``texts`` and from every wording of the table. Every byte is in the vocabulary, alone and at
    a word's end, so that no text is unknown; ``vocab_size`` therefore begins at 514. The same texts give the
    same tokenizer.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    letters = [*alphabet, *(f"{letter}</w>" for letter in alphabet)]
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    # Letters given as special tokens have the same number every time, and so equal counts merge in the same order.
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - len(SPECIAL), special_tokens=letters, end_of_word_suffix="</w>", show_progress=False
    )
    said = [text for name, entry in table().items() if name != "ordinary" for text in _strings(entry)]
    tokenizer.train_from_iterator(chain(texts, said * REPEATS), trainer)
    merges = [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
    words = [*letters, *dict.fromkeys(left + right for left, right in merges), *SPECIAL]
    return {word: number for number, word in enumerate(words)}, merges
