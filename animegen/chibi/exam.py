"""Prompts to examine chibi with: the vocabulary of its captions in shapes that no caption template makes."""

import random
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from animegen.chibi.captions import choose
from animegen.chibi.character import Character
from animegen.chibi.wordings import fill, slots, tags

STATED: Final = 0.7
"""How often a prompt states an attribute or an accessory that is there; the emotion it states always."""


def evaluation_prompt(character: Character, rng: random.Random) -> tuple[str, frozenset[str]]:
    """Return a prompt for a character, and what it states: names of attributes and of accessories."""
    names = choose(character, rng, attribute=STATED, accessory=STATED) | {"emotion"}
    if rng.random() < 0.5:
        parts = slots(character, names, rng) | {"she": shapes()["she"][character.person]}
        return fill(rng.choice(shapes()["sentences"]), parts), names
    words = tags(character, names, rng)
    rng.shuffle(words)
    shape = rng.choice(shapes()["lists"])
    return f"{shape['opening']}{shape['between'].join(words)}{shape['closing']}", names


@cache
def shapes() -> dict[str, Any]:
    """Return the shapes as they stand in exam.toml: ``sentences``, ``lists`` and the pronoun ``she``."""
    return tomllib.loads(Path(__file__).with_name("exam.toml").read_text(encoding="utf-8"))
