"""The values of a picture's settings, none of them trusted: kept in range, and every change told."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from animegen.errors import InvalidRequest
from animegen.pictures.infotext.samplers import known_as
from animegen.tasks import MAX_PROMPT, MAX_SEED, Lora
from animegen.tasks.loras import loras

MAX_NAMED: Final = 40
"""How many things that are left out are named, in one sentence."""
_SIZE: Final = re.compile(r"(\d{1,9})x(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of a text, read one by one; each value is in range, and what had to be changed is told in ``notes``."""

    pairs: Mapping[str, str]
    notes: list[str] = field(default_factory=list)

    def text(self, label: str, value: str) -> str:
        """Return a prompt, cut at what a task can hold."""
        if len(value) > MAX_PROMPT:
            self.notes.append(f"The {label} has {len(value):,} characters; the first {MAX_PROMPT:,} are used.")
        return value[:MAX_PROMPT]

    def choice(self, key: str, names: Collection[str], otherwise: str) -> str:
        """Return one of ``names``, or ``otherwise``."""
        value = self.pairs.get(key, otherwise)
        if value in names:
            return value
        self._changed(key, value, otherwise)
        return otherwise

    def row(self, key: str, names: Collection[str], otherwise: str) -> str:
        """Return names with commas between them, all of them of ``names``, or ``otherwise``."""
        value = self.pairs.get(key, otherwise)
        if all(part.strip() in names for part in value.split(",")[:64]) and len(value) <= 400:
            return value
        self._changed(key, value, otherwise)
        return otherwise

    def fraction(self, key: str, high: float, otherwise: float, zero_means: str = "") -> float:
        """Return a number from 0 to ``high``, or ``otherwise``; a zero that means something is told by that."""
        try:
            value = float(self.pairs.get(key, otherwise))
        except ValueError:
            value = math.nan
        within = min(max(value, 0.0), float(high)) if math.isfinite(value) else otherwise
        if value != within:
            self._changed(key, self.pairs[key], within or zero_means or within)
        return within

    def whole(self, key: str, low: int, high: int, otherwise: int) -> int:
        """Return a whole number from ``low`` to ``high``, or ``otherwise``, where 0 stands for the preset's."""
        if key not in self.pairs:
            return otherwise
        try:
            value = int(self.pairs[key])
        except ValueError:
            self._changed(key, self.pairs[key], otherwise or "the preset's")
            return otherwise
        within = min(max(value, low), high)
        if value != within:
            self._changed(key, self.pairs[key], within)
        return within

    def seed(self) -> int:
        """Return the seed, -1 where there is none to use."""
        value = self.pairs.get("Seed", "-1")
        if re.fullmatch(r"[0-9]{1,10}|-1", value) and int(value) <= MAX_SEED:
            return int(value)
        self._changed("Seed", value, "a new one")
        return -1

    def size(self) -> tuple[int, int]:
        """Return width and height, zeros where there are none."""
        value = self.pairs.get("Size", "")
        if not (match := _SIZE.fullmatch(value)):
            if value:
                self._changed("Size", value, "the model's own")
            return 0, 0
        width, height = (min(max(int(side), 64), 2048) for side in match.groups())
        if (width, height) != tuple(map(int, match.groups())):
            self._changed("Size", value, f"{width}x{height}")
        return width, height

    def sampler(self, known: Collection[str]) -> str:
        """Return sampler and schedule as one name, or the sampler alone, whichever is ``known``; else nothing."""
        plain, schedule = known_as(self.pairs.get("Sampler", ""), self.pairs.get("Schedule type", ""))
        name = f"{plain} {schedule}" if schedule and not plain.endswith(f" {schedule}") else plain
        if len(name) <= 100 and (not known or not name or name in known):
            return name
        otherwise = plain if plain in known else ""
        self._changed("Sampler", name, otherwise or "the preset's")
        return otherwise

    def loras(self, tags: Collection[str], known: Collection[str] | None) -> tuple[Lora, ...]:
        """Return the LoRAs of a prompt's tags; those that a task cannot hold or nobody knows are left out and told."""
        found: tuple[Lora, ...] = ()
        left: list[str] = []
        for tag in tags:
            more = _with(found, tag)
            if more and (known is None or more[-1].name in known):
                found = more
            else:
                left.append(tag)
        if left:
            self.notes.append(f"These LoRAs of the prompt cannot be used here and are left out: {_some(left)}.")
        return found

    def tell_unused(self, used: Collection[str]) -> None:
        """Tell of the keys that are neither ``used`` nor without a meaning."""
        if unused := [key for key in self.pairs if key not in used and (key, self.pairs[key]) != ("Clip skip", "1")]:
            self.notes.append(f"These settings are not used here and are left out: {_some(unused)}.")

    def tell_model(self, own: str) -> None:
        """Tell of a model that is not the one that draws here."""
        if own and (value := self.pairs.get("Model", own)) != own:
            self.notes.append(f"These settings are those of the model '{_short(value)}'; this one draws otherwise.")

    def _changed(self, key: str, value: str, now: Any) -> None:
        self.notes.append(f"{key} '{_short(value)}' cannot be used here; it is {now} now.")


def _with(found: tuple[Lora, ...], tag: str) -> tuple[Lora, ...]:
    """Return the LoRAs and one more, none where that cannot be; a tag without a weight has the weight 1."""
    try:
        return loras([*found, tag if ":" in tag else f"{tag}:1"])
    except InvalidRequest:
        return ()


def _short(value: str) -> str:
    return (value.strip() or "nothing") if len(value) <= 40 else f"{value[:40]}…"


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(_short, names[:MAX_NAMED])) + (", …" if len(names) > MAX_NAMED else "")
