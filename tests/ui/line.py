"""A page's queue without a server, for tests that let time go by in it by hand."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event

from animegen.ui import build
from animegen.ui.queue import PATIENCE as LOOKS
from animegen.ui.queue import Queue
from tests.ui.fake_studio import FakeStudio


async def wait_in_vain(queue: Queue) -> None:
    """Let so many looks go by that who is not listened to has waited too long."""
    for _ in range(LOOKS + 1):
        await queue.drop_unheard()


def sent(address: str = "127.0.0.1", **headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (address, 1), "headers": pairs, "method": "POST", "path": "/"})


class Line:
    """A page's queue without a server, and what is done in it by hand."""

    def __init__(self, *, public: bool = False) -> None:
        studio = FakeStudio()
        studio.public = public
        page = build(studio)
        assert isinstance(page._queue, Queue)
        self.queue = page._queue
        self.drawing = next(key for key, fn in page.fns.items() if fn.api_name == "text_to_image")

    async def push(self, session: str | None = None, request: Request | None = None, **more: Any) -> Event:
        """Let a drawing wait."""
        body = PredictBodyInternal(data=[], fn_index=self.drawing, session_hash=session, **more)
        _, event, _ = await self.queue.push(body, request or sent(), None)
        return self.queue.event_ids_to_events[event]

    async def listen(self, event: Event) -> "asyncio.Task[object]":
        """Listen to a drawing, past the word about its place."""
        messages = self.queue.pending_messages_per_session[event.session_hash]
        while not messages.empty():
            messages.get_nowait()
        task: asyncio.Task[object] = asyncio.create_task(messages.get())
        await asyncio.sleep(0)
        return task

    async def leave(self, listener: "asyncio.Task[object]") -> None:
        """Let a listener go away."""
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


def by_hand(work: Callable[[Line], Coroutine[Any, Any, None]], *, public: bool = False) -> None:
    line = Line(public=public)
    asyncio.run(work(line))
