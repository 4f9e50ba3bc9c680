"""Which colours there are: those of the table, and the shades, lights and lines that are mixed from them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (54, 28, 44)
"""The darkest line: a warm dark plum, never black."""
_PLUM: Colour = (84, 44, 116)


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour as it is painted: base, shade for what lies in shadow, light for what shines, line for its outline."""

    base: Colour
    shade: Colour
    light: Colour
    line: Colour


@dataclass(frozen=True, slots=True)
class Skin(Tone):
    """A skin's tone with the colours that its blood gives to cheeks and lips."""

    blush: Colour
    lips: Colour


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
    shade = mix(base, _PLUM, 0.3)
    return Tone(base, shade, _light(base), mix(shade, INK, 0.62))


def _light(base: Colour) -> Colour:
    """Return a light that keeps the hue, where white alone would turn dark colours grey."""
    brightest = max(base)
    r, g, b = (round(part * 255 / brightest) for part in base)
    return mix(mix(base, (r, g, b), 0.5), WHITE, 0.42)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("palette.toml").read_text(encoding="utf-8"))


def iris(word: str) -> Tone:
    """Return the tone of an eye colour."""
    return tone(_table()["eye"][word])


@cache
def hair(word: str) -> Tone:
    """Return the tone of a hair colour."""
    base, shade, light = (colour(code) for code in _table()["hair"][word])
    return Tone(base, shade, light, mix(shade, INK, 0.5))


def behind(front: Tone) -> Tone:
    """Return the tone of the same thing where it lies further back and gets less light."""
    return Tone(
        mix(front.base, front.shade, 0.55),
        mix(front.shade, front.line, 0.3),
        mix(front.base, front.light, 0.3),
        front.line,
    )


@cache
def skin(word: str) -> Skin:
    """Return a skin's tone."""
    return Skin(*(colour(code) for code in _table()["skin"][word]))


def choices(part: str, word: str) -> list[Any]:
    """Return the variants of a part: codes, or lists of codes where a variant has several colours."""
    found: list[Any] = _table()[part][word]
    return found
