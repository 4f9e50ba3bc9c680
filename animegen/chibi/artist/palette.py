"""Which colours there are: a base from the table, and the shade, light and line that are mixed from it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (66, 36, 46)
"""The outline: a warm dark brown, never black."""
_PLUM: Colour = (92, 48, 112)


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour as it is painted: base, shade for what lies in shadow, light for what shines, line for its outline."""

    base: Colour
    shade: Colour
    light: Colour
    line: Colour


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return ``one`` with ``share`` (0 to 1) of ``other`` mixed in."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return r, g, b


def colour(code: str) -> Colour:
    """Return the colour of a code of the form ``#rrggbb``."""
    r, g, b = bytes.fromhex(code.removeprefix("#"))
    return r, g, b


@cache
def tone(code: str) -> Tone:
    """Return the tone of a base colour ``#rrggbb``."""
    base = colour(code)
    return Tone(base, mix(base, _PLUM, 0.28), _light(base), mix(mix(base, _PLUM, 0.3), INK, 0.75))


def _light(base: Colour) -> Colour:
    """Return a light that keeps the hue, where white alone would turn dark colours grey."""
    brightest = max(base)
    r, g, b = (round(part * 255 / brightest) for part in base)
    return mix(mix(base, (r, g, b), 0.5), WHITE, 0.42)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("palette.toml").read_text(encoding="utf-8"))


def named(part: str, word: str) -> Tone:
    """Return the tone of hair, eye or skin with this name."""
    return tone(_table()[part][word])


def skin(word: str) -> Tone:
    """Return a skin's tone, whose shade is warm where that of cloth and hair is cool."""
    plain = named("skin", word)
    return Tone(plain.base, mix(plain.base, (214, 92, 84), 0.3), plain.light, plain.line)


def choices(part: str, word: str) -> list[Any]:
    """Return the variants of a part: codes, or lists of codes where a variant has several colours."""
    found: list[Any] = _table()[part][word]
    return found
