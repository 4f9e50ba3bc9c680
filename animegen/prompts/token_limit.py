"""Fitting a prompt to the number of tokens that the model reads."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from animegen.prompts.prompt import Prompt, Word
from animegen.tasks import MAX_PROMPT

Count = Callable[[str], int]
"""Counts the tokens of a text, without its start and end tokens."""


def fit(prompt: Prompt, count: Count, limit: int) -> Prompt:
    """Return a prompt of at most ``limit`` tokens, and of no more characters than a request may have.

    Words of LoRAs and pickers are dropped, the last first. The user's own words all stay in the text; those that end
    beyond the limit are marked as unread.
    """
    kept = prompt
    while kept.added and (len(kept.text) > MAX_PROMPT or count(kept.text) > limit):
        kept = replace(kept, words=kept.words[:-1])
    return replace(kept, dropped=prompt.words[len(kept.words) :], unread=_unread(prompt.own, count, limit))


def _unread(words: tuple[Word, ...], count: Count, limit: int) -> tuple[Word, ...]:
    """Return the words that end beyond the limit."""

    def tokens(end: int) -> int:
        return count(", ".join(word.text for word in words[:end]))

    return words[bisect_right(range(1, len(words) + 1), limit, key=tokens) :]
