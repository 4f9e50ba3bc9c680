"""What A1111 writes into a prompt beside words: ``<lora:name:weight>``."""

import re
from typing import Final

_LORA: Final = re.compile(r" ?<lora:([^<>]*)>")
_ALONE: Final = re.compile(r"(^|,)(\s*<lora:[^<>]*>)+\s*(?=,|$)")
"""One or more that stand between two commas, so that one of these goes too."""


def without_loras(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a prompt without its ``<lora:name:weight>``, and what stood in them, ``name`` or ``name:weight``.

    Takes time in proportion to the text.
    """
    found = tuple(match[1].strip() for match in _LORA.finditer(text))
    if not found:
        return text, ()
    return _LORA.sub("", _ALONE.sub("", text)).strip(" ,\n"), found
