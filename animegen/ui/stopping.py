"""Stop: a visitor asks for the end of a drawing, and the drawing tells it itself, in its own stream.

Gradio's ``cancels`` ends a stream from outside, on another connection, so that its last previews may arrive after
the word about the stop: it takes back requests that still wait. Here nothing comes after that word.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import gradio as gr


class Stops:
    """The drawings that are going on, each by its visitor, and whether their end is asked for."""

    def __init__(self) -> None:
        self._asked: dict[str | None, Event] = {}

    def ask(self, request: gr.Request) -> None:
        """Ask for the end of what is being drawn for a visitor; where nothing is, nothing happens."""
        if asked := self._asked.get(request.session_hash):
            asked.set()

    @contextmanager
    def during(self, request: gr.Request) -> Iterator[Event]:
        """Give the event that tells, while a drawing goes on, that its visitor wants it to end."""
        asked = self._asked[request.session_hash] = Event()
        try:
            yield asked
        finally:
            if self._asked.get(request.session_hash) is asked:
                del self._asked[request.session_hash]
