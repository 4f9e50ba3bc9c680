"""The LoRAs that a task is drawn with: names and weights, written ``NAME:WEIGHT`` wherever a person types them."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from animegen.errors import InvalidRequest

MAX_LORAS: Final = 4
MAX_WEIGHT: Final = 2.0
OWN: Final = -1.0
"""The weight that means "as the LoRA's maker advises"; the studio fills it."""
NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Lora:
    """One LoRA by its name, and how much of it is added: from 0 (nothing) to 2, or OWN.

    Raises InvalidRequest when there can be no such name or weight.
    """

    name: str
    weight: float = OWN

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and NAME.fullmatch(self.name)):
            raise InvalidRequest(
                f"There can be no LoRA named '{str(self.name)[:40]}'; names are of letters, digits, dots, - and _."
            )
        number = isinstance(self.weight, int | float) and not isinstance(self.weight, bool)
        if not number or not (0 <= self.weight <= MAX_WEIGHT or self.weight == OWN):
            raise _weightless(self.name, self.weight)

    def __str__(self) -> str:
        """Return the LoRA as it is typed."""
        return self.name if self.weight == OWN else f"{self.name}:{self.weight:g}"


def loras(value: Any) -> tuple[Lora, ...]:
    """Return the LoRAs of a request, which come as such or as texts, ``NAME`` or ``NAME:WEIGHT``.

    Raises InvalidRequest when they are no list of such, too many, or one is named twice.
    """
    if not isinstance(value, list | tuple):
        raise InvalidRequest("The LoRAs must be a list of names, each with its weight if you like: 'name:0.8'.")
    found = tuple(each if isinstance(each, Lora) else _read(each) for each in value)
    if len(found) > MAX_LORAS:
        raise InvalidRequest(f"There are {len(found)} LoRAs; use at most {MAX_LORAS} at once.")
    _once([each.name for each in found])
    return found


def _read(text: Any) -> Lora:
    if not isinstance(text, str):
        raise InvalidRequest("The LoRAs must be a list of names, each with its weight if you like: 'name:0.8'.")
    name, colon, weight = text.strip().partition(":")
    if not colon:
        return Lora(name)
    try:
        number = float(weight)
    except ValueError:
        number = math.nan
    if number < 0:
        raise _weightless(name, weight)
    return Lora(name, number)


def _once(names: Sequence[str]) -> None:
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise InvalidRequest(f"The LoRA '{twice}' is named twice; name it once, with one weight.")


def _weightless(name: Any, weight: Any) -> InvalidRequest:
    return InvalidRequest(
        f"The weight of the LoRA '{str(name)[:40]}' is {str(weight)[:20]}; choose a number from 0 to {MAX_WEIGHT:g}."
    )
