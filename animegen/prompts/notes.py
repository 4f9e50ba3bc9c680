"""Notes: what the user should know about a prompt before it is drawn."""

from collections.abc import Iterable, Iterator
from typing import Final

from animegen.messages import Message, Text, message
from animegen.prompts import syntax
from animegen.prompts.brief import Brief
from animegen.prompts.prompt import Prompt
from animegen.prompts.quality import DRAFT, STANDARD, quality

MAX_WORDS: Final = 10
"""How many words a note lists."""
MAX_LENGTH: Final = 40
"""How many characters of one word it shows."""


def write_notes(brief: Brief, prompt: Prompt, *, family: str, limit: int) -> tuple[Message, ...]:
    """Return the notes on a prompt that was composed from a brief and fitted to ``limit`` tokens."""
    return (*_on_length(prompt, limit), *_on_words(prompt), *_on_syntax(brief), *_on_quality(brief, family))


def shorten(parts: Iterable[str]) -> Text:
    """Return a list of words for a note, cut after MAX_WORDS of them: ``blue, long hair and 590 more``."""
    words = ", ".join(parts).split()
    shown = " ".join(word if len(word) <= MAX_LENGTH else f"{word[:MAX_LENGTH]}…" for word in words[:MAX_WORDS])
    more = len(words) - MAX_WORDS
    return message("prompts.more_words", words=shown.rstrip(","), count=more) if more > 0 else shown


def _on_length(prompt: Prompt, limit: int) -> Iterator[Message]:
    if prompt.dropped:
        yield message("prompts.dropped", limit=limit, words=shorten(word.text for word in prompt.dropped))
    if prompt.unread:
        yield message("prompts.unread", limit=limit, words=shorten(word.text for word in prompt.unread))


def _on_words(prompt: Prompt) -> Iterator[Message]:
    if prompt.unknown:
        yield message("prompts.unknown", words=shorten(prompt.unknown))
    if prompt.negated:
        yield message("prompts.negated", words=shorten(prompt.negated))


def _on_syntax(brief: Brief) -> Iterator[Message]:
    typed = f"{brief.typed}, {brief.negative_prompt}"
    if weighted := syntax.weights(typed):
        yield message("prompts.weights", words=shorten(weighted))
    if alternatives := syntax.alternatives(typed):
        yield message("prompts.alternatives", words=shorten(alternatives))


def _on_quality(brief: Brief, family: str) -> Iterator[Message]:
    level = quality(brief.quality)
    if not brief.final and level.name not in (DRAFT, STANDARD) and not level.words[family]:
        yield message("prompts.no_quality_tags")
