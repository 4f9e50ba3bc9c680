"""Characters that chibi was never taught by name: LoRAs of characters are trained on them, and measured by them."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from animegen.chibi.character import ACCESSORIES, VOCABULARY, Accessory, Character, Split, labels, sample, split
from animegen.chibi.wordings import tags


@dataclass(frozen=True, kw_only=True, slots=True)
class Invented:
    """A character of fixed ``traits``, the person among them, and ``accessories``, which its trigger word calls.

    What is no trait changes from picture to picture: emotion, background, and mostly outfit and gaze.
    """

    name: str
    trigger: str
    traits: Mapping[str, str]
    accessories: frozenset[Accessory]

    def describe(self, person: Character) -> Character:
        """Return ``person`` with the traits of this character."""
        changes: dict[str, Any] = {**self.traits, "accessories": self.accessories}
        return replace(person, **changes)

    def people(self, part: Split, seed: int, count: int) -> list[Character]:
        """Return ``count`` of its random appearances in one part of the split, the same for the same seed."""
        rng = random.Random(f"{self.name} {seed}")
        found: list[Character] = []
        while len(found) < count:
            if split(person := self.describe(sample(rng))) == part:
                found.append(person)
        return found

    def changing(self, person: Character) -> frozenset[str]:
        """Return what a caption states of an appearance beside the person: all but traits and a gaze at the viewer."""
        plain = {"gaze"} if person.gaze == "viewer" else set[str]()
        return frozenset(VOCABULARY) - set(self.traits) - plain

    def caption(self, person: Character, rng: random.Random) -> str:
        """Return tags for what changes in an appearance, after that for the person; no other trait is named."""
        return ", ".join([*tags(person, {"person"}, rng), *tags(person, self.changing(person), rng)])

    def recognized_in(self, reading: Mapping[str, str], person: Character) -> bool:
        """Say whether a judge's reading has all traits that can be seen of an appearance, and just its accessories."""
        return all(self.recognized_traits(reading, person).values())

    def recognized_traits(self, reading: Mapping[str, str], person: Character) -> dict[str, bool]:
        """Return of each trait that can be seen of an appearance whether it is read; accessories count as one."""
        seen = labels(self.describe(person))
        found = {name: reading[name] == seen[name] for name in self.traits if seen[name] is not None}
        return found | {"accessories": all(reading[name] == seen[name] for name in ACCESSORIES)}


@cache
def invented() -> Mapping[str, Invented]:
    """Return every invented character by its name."""
    return {name: _read(name, row) for name, row in _table().items()}


def _read(name: str, row: dict[str, Any]) -> Invented:
    trigger, accessories = row.pop("trigger"), frozenset(row.pop("accessories"))
    return Invented(name=name, trigger=trigger, traits=row, accessories=accessories)


def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("invented.toml").read_text(encoding="utf-8"))
