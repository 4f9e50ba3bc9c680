"""What A1111 and its kin write into a prompt beside words: ``<lora:name:weight>``, weights, alternatives."""

import re
from typing import Final

_LORA: Final = re.compile(r" ?<lora:([^<>]*)>")
_ALONE: Final = re.compile(r"(^|,)(\s*<lora:[^<>]*>)+\s*(?=,|$)")
"""One or more that stand between two commas, so that one of these goes too."""
_NUMBER: Final = r"(?:\d+\.?\d*|\.\d+)"
_WEIGHT: Final = re.compile(rf"[()][^()]*:\s*{_NUMBER}\s*\)|\(\([^()]+\)\)")
_BELOW_ZERO: Final = re.compile(rf"\(([^()]*?):\s*-{_NUMBER}\s*\)")
_EDIT: Final = re.compile(rf"\[([^\[\]:]*:[^\[\]:]*):\s*{_NUMBER}\s*\]")
_CHOICE: Final = re.compile(r"[\[{]([^\[\]{}|]*(?:\|[^\[\]{}|]*)+)[\]}]")
_AND: Final = re.compile(r"\bAND\b")
_BRACKET: Final = re.compile(rf"[(\[{{]|(?::\s*{_NUMBER}\s*)?[)\]}}]")


def without_loras(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a prompt without its ``<lora:name:weight>``, and what stood in them, ``name`` or ``name:weight``.

    Takes time in proportion to the text.
    """
    found = tuple(match[1].strip() for match in _LORA.finditer(text))
    if not found:
        return text, ()
    return _LORA.sub("", _ALONE.sub("", text)).strip(" ,\n"), found


def weights(text: str) -> tuple[str, ...]:
    """Return what stands in a prompt with a weight, as typed: ``(blue hair:1.3)``, ``((hat))``."""
    return tuple(match[0].lstrip(") ") for match in _WEIGHT.finditer(text))


def below_zero(text: str) -> tuple[tuple[str, str], ...]:
    """Return what stands in a prompt with a weight below zero, as typed and the words alone: ``(hat:-1)``, ``hat``."""
    return tuple((match[0], match[1].strip()) for match in _BELOW_ZERO.finditer(text))


def alternatives(text: str) -> tuple[str, ...]:
    """Return the words of a prompt that take turns or exclude each other: ``[a:b:0.5]``, ``{a|b}``, ``AND``."""
    found = [match for pattern in (_EDIT, _CHOICE, _AND) for match in pattern.finditer(text)]
    return tuple(match[0] for match in sorted(found, key=lambda match: match.start()))


def words_alone(text: str) -> str:
    """Return a prompt without brackets, weights and ``AND``; the words of alternatives stand one behind another."""
    text = _EDIT.sub(lambda match: match[1].replace(":", ", "), text)
    text = _CHOICE.sub(lambda match: match[1].replace("|", ", "), text)
    return _BRACKET.sub(_gap, _AND.sub(",", text))


def _gap(bracket: re.Match[str]) -> str:
    """Return what stands in place of a bracket: a space where words would run together."""
    text, start, end = bracket.string, bracket.start(), bracket.end()
    return " " if text[max(start - 1, 0) : start].isalnum() and text[end : end + 1].isalnum() else ""
