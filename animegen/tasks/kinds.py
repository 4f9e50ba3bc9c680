"""Kinds of fields: which values each takes, and how they are read from a cell of text.

``check`` returns the value as a request holds it and raises InvalidRequest with one sentence otherwise; ``label`` names
the field in that sentence. ``parse`` reads what a person typed into a row of a batch file. Where a kind has an
``unset`` value, that value and None both mean that nothing was requested, and a request holds None.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

from animegen.errors import InvalidRequest
from animegen.messages import Message, message
from animegen.tasks.loras import Lora, loras

MAX_PROMPT: Final = 4_000
MAX_NAME: Final = 100
LONGEST: Final = 10**15
"""From which number on a sentence does not repeat it."""
WORDS_FOR_TRUE: Final = ("true", "yes", "on", "1")
WORDS_FOR_FALSE: Final = ("false", "no", "off", "0")


@dataclass(frozen=True, slots=True)
class Unset:
    """The value by which scripts say that a field is unset, and the message of what then holds."""

    value: Any
    meaning: Message


class Kind(Protocol):
    """What a field takes."""

    @property
    def unset(self) -> Unset | None:
        """What stands for "unset" outside Python, None where the field always has a value."""
        ...

    def check(self, label: Message, value: Any) -> Any:
        """Return the value as a request holds it. Raises InvalidRequest."""
        ...

    def parse(self, text: str) -> Any:
        """Return what a text stands for, ready for ``check``."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Words of at most ``limit`` whole characters."""

    limit: int = MAX_PROMPT
    unset: Unset | None = None

    def check(self, label: Message, value: Any) -> str | None:
        """Return the text."""
        if self.unset and (value is None or value == self.unset.value):
            return None
        if not isinstance(value, str):
            raise InvalidRequest("tasks.not_text", field=label, type=type(value).__name__)
        if len(value) > self.limit:
            raise InvalidRequest("tasks.too_long", field=label, count=f"{len(value):,}", limit=f"{self.limit:,}")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InvalidRequest("tasks.half_character", field=label) from error
        return value

    def parse(self, text: str) -> str:
        """Return the text as it is."""
        return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name out of one of the tables, which is looked up where the tables are: in ``prompts/names.py``."""

    table: str
    unset: ClassVar[None] = None

    def check(self, label: Message, value: Any) -> str | None:
        """Return the name, whether or not the table has it."""
        return Text(limit=MAX_NAME).check(label, value)

    def parse(self, text: str) -> str:
        """Return the text as it is."""
        return text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few names."""

    names: tuple[str, ...]
    unset: ClassVar[None] = None

    def check(self, label: Message, value: Any) -> str:
        """Return the name."""
        Text(limit=MAX_NAME).check(label, value)
        if value not in self.names:
            raise InvalidRequest("tasks.unknown_choice", field=label, value=value, choices=self.names)
        return str(value)

    def parse(self, text: str) -> str:
        """Return the text as it is."""
        return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Integer:
    """A whole number from ``low`` to ``high``; JavaScript and JSON may write 42 as 42.0."""

    low: int
    high: int
    unset: Unset | None = None

    def check(self, label: Message, value: Any) -> int | None:
        """Return the number."""
        if self.unset and (value is None or (value == self.unset.value and not isinstance(value, bool))):
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidRequest("tasks.not_integer", field=label, low=self.low, high=self.high)
        if not self.low <= value <= self.high:
            raise InvalidRequest("tasks.integer_range", field=label, value=_short(value), low=self.low, high=self.high)
        return value

    def parse(self, text: str) -> Any:
        """Return the number, or the text where it is none."""
        return _number(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A finite number from ``low`` to ``high``; ``step`` is that of a slider."""

    low: float
    high: float
    step: float = 0.05
    unset: Unset | None = None

    def check(self, label: Message, value: Any) -> float | None:
        """Return the number."""
        if self.unset and (value is None or (value == self.unset.value and not isinstance(value, bool))):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or _endless(value):
            raise InvalidRequest("tasks.not_number", field=label, low=self.low, high=self.high)
        if not self.low <= value <= self.high:
            raise InvalidRequest("tasks.number_range", field=label, value=_short(value), low=self.low, high=self.high)
        return value

    def parse(self, text: str) -> Any:
        """Return the number, or the text where it is none."""
        return _number(text)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    unset: ClassVar[None] = None

    def check(self, label: Message, value: Any) -> bool:
        """Return the flag."""
        if not isinstance(value, bool):
            raise InvalidRequest("tasks.not_flag", field=label)
        return value

    def parse(self, text: str) -> Any:
        """Return the flag, or the text where it says neither."""
        word = text.strip().casefold()
        return word in WORDS_FOR_TRUE if word in (*WORDS_FOR_TRUE, *WORDS_FOR_FALSE) else text


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """From 1 to ``most`` names out of a table, as a tuple, a list, or a text with commas between them."""

    table: str
    most: int
    distinct: bool = False
    unset: ClassVar[None] = None

    def check(self, label: Message, value: Any) -> tuple[str, ...]:
        """Return the names."""
        names = split(value) if isinstance(value, str) else value
        if not isinstance(names, Sequence):
            raise InvalidRequest("tasks.not_text", field=label, type=type(value).__name__)
        found = tuple(str(Text(limit=MAX_NAME).check(label, name)) for name in names[: 8 * self.most])
        if not 1 <= len(found) <= self.most:
            raise InvalidRequest("tasks.name_count", field=label, most=self.most)
        if self.distinct and len({*found}) < len(found):
            raise InvalidRequest("tasks.name_twice", field=label)
        return found

    def parse(self, text: str) -> str:
        """Return the text, which ``check`` splits."""
        return text


@dataclass(frozen=True, slots=True)
class Loras:
    """A few LoRAs, each as such or as a text, ``NAME`` or ``NAME:WEIGHT``."""

    unset: ClassVar[None] = None

    def check(self, label: Message, value: Any) -> tuple[Lora, ...]:  # noqa: ARG002 - the sentences name the LoRAs
        """Return the LoRAs."""
        return loras(value)

    def parse(self, text: str) -> tuple[str, ...]:
        """Return the LoRAs of a text with spaces or commas between them."""
        return tuple(text.replace(",", " ").split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An opened picture, of any size and mode; None is one too where it is ``optional``."""

    optional: bool = False
    unset: ClassVar[None] = None

    def check(self, label: Message, value: Any) -> Any:
        """Return the picture."""
        if value is None and self.optional:
            return None
        if not (callable(getattr(value, "convert", None)) and isinstance(getattr(value, "size", None), tuple)):
            raise InvalidRequest("tasks.no_picture", field=label)
        return value

    def parse(self, text: str) -> str:
        """Return the text, a path: whoever reads the row opens it."""
        return text


def split(text: str) -> tuple[str, ...]:
    """Return the names in a text that separates them by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def unset(value: Any, meaning: str) -> Unset:
    """Return the value that stands for "unset", with the key of what then holds: ``auto``, ``random``, ``all``."""
    return Unset(value, message(f"fields.unset_{meaning}"))


def _endless(value: float) -> bool:
    """Say whether a number is NaN or infinite; an integer is neither, and may be too large for a float."""
    return isinstance(value, float) and not math.isfinite(value)


def _short(value: float) -> float | str:
    """Return a number for a sentence; Python writes out no integer of more than some thousand digits."""
    return value if abs(value) < LONGEST else "…"


def _number(text: str) -> Any:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
