"""The words for what chibi knows: a table of wordings, and characters put into them, one attribute at a time."""

import random
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from animegen.chibi.character import ACCESSORIES, NEUTRAL, Character

SLIGHT_BELOW: Final = 0.45
STRONG_ABOVE: Final = 0.85
Slots = Mapping[str, str]


@cache
def table() -> Mapping[str, Any]:
    """Return the table of wordings as it stands in captions.toml."""
    return tomllib.loads(Path(__file__).with_name("captions.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Feeling:
    """One emotion at one strength in words: a tag, and the forms that a sentence needs."""

    tag: str
    emotion: str
    face: str
    feeling: str


def pick(words: Collection[str], rng: random.Random) -> str:
    """Return the first word half of the time, else any."""
    words = list(words)
    return words[0] if rng.random() < 0.5 else rng.choice(words)


def band(strength: float) -> str:
    """Return the word for a strength from 0 to 1: ``neutral``, ``slight``, ``plain`` or ``strong``."""
    if strength == 0:
        return NEUTRAL
    return "slight" if strength < SLIGHT_BELOW else "strong" if strength > STRONG_ABOVE else "plain"


def feeling(character: Character, rng: random.Random) -> Feeling:
    """Return the emotion of a character in words, its strength among them."""
    level, strength = band(character.strength), table()["strength"]
    words = table()["emotion"][NEUTRAL if level == NEUTRAL else character.emotion]
    adjective = pick(words["adjectives"], rng)
    if level in ("neutral", "plain"):
        tag, emotion, state = pick(words["tags"], rng), adjective, adjective
    else:
        emotion = f"{rng.choice(strength[level])} {adjective}"
        state = f"{rng.choice(strength['slight_feeling' if level == 'slight' else 'strong'])} {adjective}"
        tag = state if rng.random() < 0.5 else rng.choice(words[level])
    return Feeling(tag, emotion, rng.choice(strength["faces"]).format(emotion=emotion), state)


def tags(character: Character, names: Collection[str], rng: random.Random) -> list[str]:
    """Return a danbooru-style tag for each of the named attributes and accessories; hair may come as one tag."""
    names = set(names)
    found = []
    if {"hair_colour", "hair_style"} <= names and rng.random() < 0.25:
        names -= {"hair_colour", "hair_style"}
        found.append(hair(character, {"hair_colour", "hair_style"}, rng))
    return found + [_tag(character, name, rng) for name in sorted(names)]


def _tag(character: Character, name: str, rng: random.Random) -> str:
    if name == "emotion":
        return feeling(character, rng).tag
    if name in character.accessories:
        return pick(table()["accessory"][name]["tags"], rng)
    words = table()[name][getattr(character, name)]
    if name in table()["forms"]:
        return pick(table()["forms"][name], rng).format(colour=pick(words, rng))
    return pick(words["tags"], rng)


def hair(character: Character, names: Collection[str], rng: random.Random) -> str:
    """Return colour and style of the hair as one phrase, of which ``names`` may leave one out."""
    colour = pick(table()["hair_colour"][character.hair_colour], rng) if "hair_colour" in names else ""
    styles = table()["hair_style"][character.hair_style]["phrases"]
    style = rng.choice(styles) if "hair_style" in names else "{colour} hair"
    return " ".join(style.format(colour=colour).split())


def slots(character: Character, names: Collection[str], rng: random.Random) -> dict[str, str]:
    """Return the parts of a sentence about the named attributes and accessories, empty where nothing is stated."""
    felt = feeling(character, rng) if "emotion" in names else Feeling("", "", "", "")
    said = {name: phrase(character, name, rng) if name in names else "" for name in ("outfit", "skin", "gaze", "marks")}
    extras = [phrase(character, name, rng) for name in sorted(character.accessories & set(names))]
    hair_ = hair(character, names, rng) if {"hair_colour", "hair_style"} & set(names) else ""
    eyes = _tag(character, "eye_colour", rng) if "eye_colour" in names else ""
    looks = [part for part in (hair_, eyes, said["skin"]) if part]
    rng.shuffle(looks)
    return said | {
        "person": phrase(character, "person", rng) if "person" in names else rng.choice(table()["nameless"]["phrases"]),
        "emotion": felt.emotion,
        "face": felt.face,
        "feeling": felt.feeling,
        "hair": hair_,
        "eyes": eyes,
        "looks": listed(looks),
        "extras": listed(extras),
        "clothes": listed([part for part in (said["outfit"], *extras) if part]),
        "place": phrase(character, "background", rng) if "background" in names else "",
    }


def phrase(character: Character, name: str, rng: random.Random) -> str:
    """Return one attribute or accessory as a sentence says it."""
    attribute, word = ("accessory", name) if name in ACCESSORIES else (name, getattr(character, name))
    words = table()[attribute][word]["phrases"]
    return pick(words, rng).format(**table()["pronouns"][character.person])


def listed(parts: list[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def fill(template: str, parts: Slots) -> str:
    """Return a template with its slots filled: a part in square brackets falls away when its slot is empty."""

    def optional(match: re.Match[str]) -> str:
        names = re.findall(r"\{(\w+)\}", match[1])
        return match[1] if all(parts[name] for name in names) else ""

    text = re.sub(r"\[([^\]]*)\]", optional, template).format_map(parts)
    text = re.sub(r"\b(a|an) (?=(\w))", lambda m: f"{'an' if m[2] in 'aeiou' else 'a'} ", text)
    return " ".join(text.split()).strip(" ,")
