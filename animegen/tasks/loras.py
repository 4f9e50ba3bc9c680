"""The LoRAs of a request: names and weights, written ``NAME:WEIGHT`` wherever a person types them."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from animegen.errors import InvalidRequest

MAX_LORAS: Final = 4
MAX_WEIGHT: Final = 2.0
UNSET_WEIGHT: Final = -1.0
"""The weight by which scripts say that none was requested."""
NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Lora:
    """One LoRA by its name, and how much of it is added: from 0 (nothing) to 2, or None: what its maker advises.

    Raises InvalidRequest when there can be no such name or weight.
    """

    name: str
    weight: float | None = None

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and NAME.fullmatch(self.name)):
            raise InvalidRequest("tasks.lora_name", name=str(self.name)[:40])
        if self.weight is None or self.weight == UNSET_WEIGHT:
            object.__setattr__(self, "weight", None)
            return
        number = isinstance(self.weight, int | float) and not isinstance(self.weight, bool)
        if not number or not 0 <= self.weight <= MAX_WEIGHT:
            raise invalid_weight(self.name, self.weight)

    def __str__(self) -> str:
        """Return the LoRA as it is typed."""
        return self.name if self.weight is None else f"{self.name}:{self.weight:g}"


def loras(value: Any) -> tuple[Lora, ...]:
    """Return the LoRAs of a request, which come as such or as texts, ``NAME`` or ``NAME:WEIGHT``.

    Raises InvalidRequest when they are no list of such, too many, or one is named twice.
    """
    if not isinstance(value, list | tuple):
        raise InvalidRequest("tasks.lora_list")
    found = tuple(each if isinstance(each, Lora) else _read(each) for each in value)
    if len(found) > MAX_LORAS:
        raise InvalidRequest("tasks.lora_count", count=len(found), most=MAX_LORAS)
    check_unique([each.name for each in found])
    return found


def check_unique(names: Sequence[str]) -> None:
    """Raise InvalidRequest where a LoRA is named twice."""
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise InvalidRequest("tasks.lora_twice", name=twice)


def invalid_weight(name: Any, weight: Any) -> InvalidRequest:
    """Return the error of a weight out of range."""
    return InvalidRequest("tasks.lora_weight", name=str(name)[:40], weight=str(weight)[:20], most=f"{MAX_WEIGHT:g}")


def _read(text: Any) -> Lora:
    if not isinstance(text, str):
        raise InvalidRequest("tasks.lora_list")
    name, colon, weight = text.strip().partition(":")
    if not colon:
        return Lora(name)
    try:
        number = float(weight)
    except ValueError:
        number = math.nan
    if number < 0:
        raise invalid_weight(name, weight)
    return Lora(name, number)
