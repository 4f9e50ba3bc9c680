"""The queue that requests wait in: gradio's, which here never stops, draws for listeners alone and keeps little.

Gradio 6.31 stops its queue for good when a message has no session to go to (queueing.py: ``send_message`` raises
KeyError within ``start_processing``), and runs what nobody listens to. It keeps every call as a session of its own,
with a description of all components that only its deep links read (state_holder.py: ``config_values``).
"""

import asyncio
import logging
import re
import time
from types import SimpleNamespace
from typing import Any, Final

import gradio as gr
from fastapi import HTTPException, Request
from gradio import queueing
from gradio.data_classes import PredictBodyInternal
from gradio.server_messages import EstimationMessage, EventMessage, ProcessGeneratingMessage
from gradio.utils import LRUCache, run_coro_in_background

from animegen.messages import Language
from animegen.studio.protocol import StudioProtocol
from animegen.ui import disk
from animegen.ui.addresses import address
from animegen.ui.details import queued
from animegen.ui.texts import language_of, say

log = logging.getLogger(__name__)

GPU: Final = "gpu"
"""The name under which all drawings wait, whichever tab or script sends them."""
SIZE: Final = 64
"""How many requests may wait; one more is sent away."""
PER_ADDRESS: Final = 3
"""How many drawings of one address may wait on a public page."""
ROUND: Final = 5.0
"""Seconds between two looks for requests that nobody listens to."""
PATIENCE: Final = 3
"""After how many such looks in a row a request is dropped, or stopped at its next step."""
RESTART: Final = 0.1
"""Seconds before a queue that stopped is started again."""

_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Messages(asyncio.Queue[EventMessage]):
    """The messages for one session, which know whether somebody waits for them.

    ``unheard`` counts the looks in a row that found nobody.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting = 0
        self.unheard = 0

    async def get(self) -> EventMessage:
        """Return the next message as soon as there is one."""
        self._waiting += 1
        self.unheard = 0
        try:
            return await super().get()
        finally:
            self._waiting -= 1

    @property
    def heard(self) -> bool:
        """Whether somebody waits for a message now."""
        return self._waiting > 0


class _Sessions(LRUCache[str, Messages]):
    """The messages of each session; whatever gradio puts there becomes Messages."""

    def __setitem__(self, session: str, messages: Any) -> None:
        super().__setitem__(session, Messages())


class Queue(queueing.Queue):
    """Lets requests to a page wait.

    ``studio`` says whether the page is public: then no address may let more than PER_ADDRESS drawings wait.
    """

    def __init__(self, page: gr.Blocks, studio: StudioProtocol) -> None:
        super().__init__(
            live_updates=True, concurrency_count=page.max_threads, update_intervals=1, max_size=SIZE, blocks=page
        )
        self.pending_messages_per_session = _Sessions(2000)  # type: ignore[assignment]
        self.ANALYTICS_MAX_EVENTS = 1  # nobody looks at them
        self._studio = studio
        self._closed = False

    def start(self) -> None:
        """Begin to work off what waits."""
        self._closed = False
        self.blocks.state_holder.blocks = SimpleNamespace(default_config=self.blocks.default_config, blocks={})  # type: ignore[assignment]
        super().start()  # type: ignore[no-untyped-call]
        run_coro_in_background(self._watch)

    def close(self) -> None:
        """Stop for good."""
        self._closed = True
        super().close()  # type: ignore[no-untyped-call]

    async def start_processing(self) -> None:
        """Work off what waits until the page closes; what goes wrong on the way is logged and stops nothing."""
        while not self._closed:
            try:
                await super().start_processing()
            except Exception:
                log.exception("The queue stopped; it is started again")
            self.stopped = self._closed
            await asyncio.sleep(RESTART)

    def _cancel_asyncio_tasks(self) -> None:
        if self._closed:  # else the queue is only started again, and what runs goes on
            super()._cancel_asyncio_tasks()  # type: ignore[no-untyped-call]

    async def push(self, body: PredictBodyInternal, request: Request, username: str | None) -> Any:
        """Let a request wait.

        Raises HTTPException, with a sentence, for an odd session, a function that does not exist, or too many drawings.
        """
        self._check(body, request, language_of(gr.Request(request)))
        accepted, event, state = await super().push(body, request, username)
        if accepted and (messages := self.pending_messages_per_session.get(str(body.session_hash))):
            messages.unheard = 0
        return accepted, event, state

    def _check(self, body: PredictBodyInternal, request: Request, language: Language) -> None:
        if body.session_hash is not None and not _SESSION.fullmatch(body.session_hash):
            self._forget(body.session_hash)
            raise HTTPException(400, say("odd_session", language))
        function = self.blocks.fns.get(-1 if body.fn_index is None else body.fn_index)
        if function is None:
            raise HTTPException(404, say("no_function", language))
        if function.concurrency_id == GPU and self._studio.public:
            sender = address(request)
            if sum(address(event.request) == sender for event in self._drawings()) >= PER_ADDRESS:
                raise HTTPException(429, say("too_many", language, limit=PER_ADDRESS))

    def _drawings(self) -> list[queueing.Event]:
        """Return the drawings that wait."""
        line = self.event_queue_per_concurrency_id.get(GPU)
        return line.queue if line else []

    def _before(self, rank: int) -> int:
        """Return how many drawings come before one of those that wait, that which is being drawn included."""
        return rank + self.event_queue_per_concurrency_id[GPU].current_concurrency

    def place(self, session: str | None) -> int | None:
        """Return how many drawings come before the first that waits for a session; None where none waits."""
        ranks = (rank for rank, event in enumerate(self._drawings()) if event.session_hash == session)
        return next(map(self._before, ranks), None)

    def tell_place(self, request: gr.Request) -> str:
        """Return how many drawings come before that of a visitor, in words; nothing where it need not wait."""
        before = self.place(request.session_hash)
        return say("place", language_of(request), count=before) if before else ""

    def send_message(self, event: queueing.Event, event_message: EventMessage) -> None:
        """Send a message to a request, if there is a place for it; one that came by name reads its place in it too."""
        if event.session_hash not in self.pending_messages_per_session:
            return
        super().send_message(event, event_message)
        if isinstance(event_message, EstimationMessage) and event.concurrency_id == GPU:
            body, before = event.data, self._before(event_message.rank or 0)
            if body and body.simple_format and before:
                details = queued(before, language_of(gr.Request(event.request)))
                data = [*[gr.skip()] * (len(event.fn.outputs) - 1), details]
                super().send_message(event, ProcessGeneratingMessage(output={"data": data}, success=True))

    def get_events(self) -> tuple[list[queueing.Event], bool, str] | None:
        """Return the next request to be worked on: one that somebody listens to."""
        for name, line in self.event_queue_per_concurrency_id.items():
            if line.concurrency_limit is None or line.current_concurrency < line.concurrency_limit:
                for event in line.queue:
                    messages = self.pending_messages_per_session.get(event.session_hash)
                    if messages and messages.heard:
                        line.queue.remove(event)
                        return [event], False, name
        return None

    async def process_events(self, events: list[queueing.Event], *more: Any) -> None:
        """Work on a request; a call that named no session leaves none behind."""
        try:
            await super().process_events(events, *more)
        finally:
            for event in events:
                if event.session_hash == event._id:
                    self._forget(event.session_hash)

    def _forget(self, session: str) -> None:
        """Forget the components of a session, which are as the page was built when it comes again."""
        holder = self.blocks.state_holder
        with holder.lock:
            holder.session_data.pop(session, None)
            holder.time_last_used.pop(session, None)

    def compute_analytics_summary(self, _records: Any) -> dict[str, Any]:
        """Return nothing: gradio would sum up all that has run after each request, for a monitor that is off."""
        return {"functions": {}}

    async def drop_unheard(self) -> None:
        """Look for sessions that nobody listens to; at the last of PATIENCE looks drop or stop what they wait for."""
        for session, messages in [*self.pending_messages_per_session.items()]:
            messages.unheard += not messages.heard
            if messages.unheard > PATIENCE:
                await self.clean_events(session_hash=session)
                self.pending_messages_per_session.pop(session, None)
        for session in self.pending_event_ids_session.keys() - self.pending_messages_per_session.keys():
            del self.pending_event_ids_session[session]

    async def _watch(self) -> None:
        while not self._closed:
            await asyncio.sleep(ROUND)
            try:
                await self.drop_unheard()
                await asyncio.to_thread(disk.tidy, self.blocks, time.time())
            except Exception:
                log.exception("What nobody needs could not be cleared away")
