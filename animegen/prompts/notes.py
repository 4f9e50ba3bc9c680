"""How words are listed in a note: as many as a visitor reads, and how many more there are."""

from collections.abc import Iterable
from typing import Final

MOST: Final = 10
"""How many words a note lists."""
LONGEST: Final = 40
"""How many characters of one word it shows."""


def listed(parts: Iterable[str]) -> str:
    """Return some parts with commas between them, cut behind MOST words: ``blue, long hair and 590 more``."""
    words = ", ".join(parts).split()
    shown = " ".join(word if len(word) <= LONGEST else f"{word[:LONGEST]}…" for word in words[:MOST])
    return f"{shown.rstrip(',')} and {len(words) - MOST} more" if len(words) > MOST else shown
