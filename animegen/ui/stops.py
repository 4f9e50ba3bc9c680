"""Stop: a visitor asks for the end of a drawing, and the drawing itself tells the page, in its own stream.

Gradio's ``cancels`` ends a stream from outside, on another connection, so that its last previews may arrive after
the word about the stop: it takes back requests that still wait. Here nothing comes after that word.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import gradio as gr


class Stops:
    """The running drawings by visitor, and whether each has been asked to stop."""

    def __init__(self) -> None:
        self._running: dict[str | None, Event] = {}

    def request(self, request: gr.Request) -> None:
        """Ask a visitor's drawing to stop; without one nothing happens."""
        if event := self._running.get(request.session_hash):
            event.set()

    @contextmanager
    def during(self, request: gr.Request) -> Iterator[Event]:
        """Give the event that is set once the visitor asks this drawing to stop."""
        event = self._running[request.session_hash] = Event()
        try:
            yield event
        finally:
            if self._running.get(request.session_hash) is event:
                del self._running[request.session_hash]
