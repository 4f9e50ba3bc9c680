"""A sentence before it is written out: its id in the tables, and the values that are filled in."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence by its ``id``; ``values`` are pairs of a name and what is filled in.

    A value is text, a number, a Message (shown in the same language), or a tuple of them (shown as a list). Messages
    are compared by value, hashed and pickled.
    """

    id: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        """Return the sentence in English."""
        from animegen.messages.tables import render

        return render(self, "en")


Text = Message | str
"""A message, or words that are the same in every language: a name, what somebody typed."""


def message(id: str, **values: Any) -> Message:  # noqa: A002 - it is called an id everywhere
    """Return the message of that id with these values."""
    return Message(id, tuple(values.items()))
