"""The syntax of prompts in A1111 and its relatives: tags, ``<lora:name:weight>``, weights, alternatives."""

import re
from typing import Final

_LORA: Final = re.compile(r" ?<lora:([^<>]*)>")
_ALONE: Final = re.compile(r"(^|,)(\s*<lora:[^<>]*>)+\s*(?=,|$)")
"""One or more between two commas, one of which is removed with them."""
_NUMBER: Final = r"(?:\d+\.?\d*|\.\d+)"
_WEIGHT: Final = re.compile(rf"[()][^()]*:\s*{_NUMBER}\s*\)|\(\([^()]+\)\)")
_BELOW_ZERO: Final = re.compile(rf"\(([^()]*?):\s*-{_NUMBER}\s*\)")
_EDIT: Final = re.compile(rf"\[([^\[\]:]*:[^\[\]:]*):\s*{_NUMBER}\s*\]")
_CHOICE: Final = re.compile(r"[\[{]([^\[\]{}|]*(?:\|[^\[\]{}|]*)+)[\]}]")
_AND: Final = re.compile(r"\bAND\b")
_BRACKET: Final = re.compile(rf"[(\[{{]|(?::\s*{_NUMBER}\s*)?[)\]}}]")


def split_tags(text: str) -> tuple[str, ...]:
    """Split a prompt at the commas that are not inside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth = max(0, depth + (letter in "([") - (letter in ")]"))
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(part.strip() for part in parts if part.strip())


def without_loras(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a prompt without its ``<lora:name:weight>``, and their contents, ``name`` or ``name:weight``.

    Takes time in proportion to the text.
    """
    found = tuple(match[1].strip() for match in _LORA.finditer(text))
    if not found:
        return text, ()
    return _LORA.sub("", _ALONE.sub("", text)).strip(" ,\n"), found


def weights(text: str) -> tuple[str, ...]:
    """Return the weighted parts of a prompt as typed: ``(blue hair:1.3)``, ``((hat))``."""
    return tuple(match[0].lstrip(") ") for match in _WEIGHT.finditer(text))


def below_zero(text: str) -> tuple[tuple[str, str], ...]:
    """Return the parts with a weight below zero, as typed and without it: ``(hat:-1)`` and ``hat``."""
    return tuple((match[0], match[1].strip()) for match in _BELOW_ZERO.finditer(text))


def alternatives(text: str) -> tuple[str, ...]:
    """Return the alternatives of a prompt as typed: ``[a:b:0.5]``, ``{a|b}``, ``AND``."""
    found = [match for pattern in (_EDIT, _CHOICE, _AND) for match in pattern.finditer(text)]
    return tuple(match[0] for match in sorted(found, key=lambda match: match.start()))


def words_alone(text: str) -> str:
    """Return a prompt without brackets, weights and ``AND``; alternatives become a list."""
    text = _EDIT.sub(lambda match: match[1].replace(":", ", "), text)
    text = _CHOICE.sub(lambda match: match[1].replace("|", ", "), text)
    return _BRACKET.sub(_gap, _AND.sub(",", text))


def _gap(bracket: re.Match[str]) -> str:
    """Return the replacement of a bracket: a space where two words would run together."""
    text, start, end = bracket.string, bracket.start(), bracket.end()
    return " " if text[max(start - 1, 0) : start].isalnum() and text[end : end + 1].isalnum() else ""
