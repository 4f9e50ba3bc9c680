"""The values of a picture's settings, none of them trusted: kept in range, and every change noted."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Final

from animegen.errors import InvalidRequest
from animegen.messages import Message, Text, message
from animegen.pictures.infotext.reader import BEHIND
from animegen.pictures.infotext.samplers import known_as
from animegen.prompts.names import TABLES
from animegen.tasks import MAX_PROMPT, MAX_SEED, Field, Lora
from animegen.tasks.kinds import MAX_NAME, Choice, Flag, Integer, Name, Names, Number, split
from animegen.tasks.loras import loras

MAX_NAMES: Final = 400
"""How many characters a list of names has at most."""
MAX_NAMED: Final = 40
"""How many things that are left out are named, in one sentence."""
_SIZE: Final = re.compile(r"(\d{1,9})x(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of a text, read one by one; each value is in range, and ``notes`` say what had to be changed."""

    pairs: Mapping[str, str]
    notes: list[Message] = attribute(default_factory=list)

    def value(self, field: Field, otherwise: Any) -> Any:
        """Return the value of a field, in range, or ``otherwise``."""
        key, kind = field.spec.key, field.kind
        match kind:
            case Integer():
                return self.integer(key, kind.low, kind.high, otherwise)
            case Number():
                return self.number(key, kind.high, otherwise)
            case Choice():
                return self.choice(key, kind.names, otherwise)
            case Name():
                return self.choice(key, TABLES[kind.table](), otherwise)
            case Names():
                return self.names(key, TABLES[kind.table](), otherwise)
            case Flag():
                return self.choice(key, ("True", "False"), str(otherwise)) == "True"
        raise TypeError(f"{field.name} is no field of a picture's settings")

    def text(self, field: str, value: str) -> str:
        """Return a prompt, cut at what a request can hold."""
        if len(value) > MAX_PROMPT:
            label = message(f"fields.{field}")
            self.note("infotext.cut", field=label, count=f"{len(value):,}", most=f"{MAX_PROMPT:,}")
        return value[:MAX_PROMPT]

    def choice(self, key: str, names: Collection[str], otherwise: str) -> str:
        """Return one of ``names``, or ``otherwise``."""
        value = self.pairs.get(key, otherwise)
        if value in names:
            return value
        self._changed(key, value, otherwise)
        return otherwise

    def names(self, key: str, names: Collection[str], otherwise: tuple[str, ...]) -> tuple[str, ...]:
        """Return names that are separated by commas, each one of ``names``, or ``otherwise``."""
        value = self.pairs.get(key, ",".join(otherwise))
        found = split(value)[:64]
        if found and all(name in names for name in found) and len(value) <= MAX_NAMES:
            return found
        self._changed(key, value, ",".join(otherwise))
        return otherwise

    def number(self, key: str, high: float, otherwise: float | None) -> float | None:
        """Return a number from 0 to ``high``, or ``otherwise``, None being the preset's; 0 is None, too."""
        if key not in self.pairs:
            return otherwise
        try:
            value = float(self.pairs[key])
        except ValueError:
            value = math.nan
        within = min(max(value, 0.0), float(high)) if math.isfinite(value) else otherwise
        if otherwise is None:
            within = within or None
        if value != (within or 0):
            self._changed(key, self.pairs[key], within)
        return within

    def integer(self, key: str, low: int, high: int, otherwise: int | None) -> int | None:
        """Return a whole number from ``low`` to ``high``, or ``otherwise``, None being the preset's; 0 is None, too."""
        text = self.pairs.get(key)
        if text is None or (otherwise is None and text == "0"):
            return otherwise
        try:
            value = int(text)
        except ValueError:
            self._changed(key, text, otherwise)
            return otherwise
        within = min(max(value, low), high)
        if value != within:
            self._changed(key, text, within)
        return within

    def seed(self) -> int | None:
        """Return the seed, None where there is none to use."""
        value = self.pairs.get("Seed", "-1")
        if value == "-1":
            return None
        if re.fullmatch(r"[0-9]{1,10}", value) and int(value) <= MAX_SEED:
            return int(value)
        self._changed("Seed", value, message("fields.unset_random"))
        return None

    def size(self) -> tuple[int | None, int | None]:
        """Return width and height, None where there are none."""
        value = self.pairs.get("Size", "")
        if not (match := _SIZE.fullmatch(value)):
            if value:
                self._changed("Size", value, message("fields.unset_auto"))
            return None, None
        width, height = (min(max(int(side), 64), 2048) for side in match.groups())
        if (width, height) != tuple(map(int, match.groups())):
            self._changed("Size", value, f"{width}x{height}")
        return width, height

    def sampler(self, known: Collection[str]) -> str | None:
        """Return sampler and schedule as one name, or the sampler alone, whichever is ``known``; else None."""
        plain, schedule = known_as(self.pairs.get("Sampler", ""), self.pairs.get("Schedule type", ""))
        name = f"{plain} {schedule}" if schedule and not plain.endswith(f" {schedule}") else plain
        if len(name) <= MAX_NAME and (not known or not name or name in known):
            return name or None
        otherwise = plain if plain in known else None
        self._changed("Sampler", name, otherwise)
        return otherwise

    def loras(self, tags: Collection[str], known: Collection[str] | None) -> tuple[Lora, ...]:
        """Return the LoRAs of a prompt's tags; those that cannot be used are left out and noted."""
        found: tuple[Lora, ...] = ()
        left: list[str] = []
        for tag in tags:
            more = _with(found, tag)
            if more and (known is None or more[-1].name in known):
                found = more
            else:
                left.append(tag)
        if left:
            self.note("infotext.loras_left_out", loras=_some(left))
        return found

    def note_unused(self, used: Collection[str]) -> None:
        """Note the keys that are neither ``used`` nor without a meaning."""
        if unused := [key for key in self.pairs if key not in used and (key, self.pairs[key]) != ("Clip skip", "1")]:
            self.note("infotext.unused", keys=_some(unused))

    def note_model(self, own: str) -> None:
        """Note a model that is not the one that draws here."""
        if own and (value := self.pairs.get("Model", own)) != own:
            self.note("infotext.other_model", model=_short(value))

    def note(self, id: str, **values: Any) -> None:  # noqa: A002 - it is called an id everywhere
        """Add a note."""
        self.notes.append(message(id, **values))

    def _changed(self, key: str, value: str, now: Any) -> None:
        self.note(
            "infotext.changed", key=key, value=_short(value), now=message("fields.unset_auto") if now is None else now
        )


def _with(found: tuple[Lora, ...], tag: str) -> tuple[Lora, ...]:
    """Return the LoRAs and one more, none where that cannot be; a tag without a weight has the weight 1."""
    try:
        return loras([*found, tag if ":" in tag else f"{tag}:1"])
    except InvalidRequest:
        return ()


def _short(value: str) -> Text:
    if len(value) > 40:
        return f"{value[:40]}…"
    return value.strip() or message("infotext.nothing")


def _some(names: Sequence[str]) -> tuple[Text, ...]:
    """Return the first names, as a message lists them."""
    listed = (message("infotext.text_after") if name == BEHIND else _short(name) for name in names[:MAX_NAMED])
    return (*listed, *(("…",) if len(names) > MAX_NAMED else ()))
