"""Answers on the way from gradio's routes to a visitor: what is closed, what is a refusal, what has ended."""

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from gradio.server_messages import CloseStreamMessage, UnexpectedErrorMessage

from animegen.ui.texts import language_of, say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CLOSED: Final = re.compile(
    r"/gradio_api/(?:file[=/]+https?:|proxy=|stream/|process_recording|deep_link|custom_component|(?:undo-)?vibe-)",
    re.IGNORECASE,
)
"""Routes that no page of ours needs: they fetch addresses, write files, run programs or keep what a visitor typed."""
_RUN: Final = re.compile(r"/gradio_api/(?:run|api)/")
_CALLED: Final = re.compile(r"/gradio_api/call/(?:v2/)?[^/]+/([^/]+)/?$")
_SESSION: Final = "/gradio_api/queue/data"


class _Middleware:
    """What stands before an application, and looks at its requests over HTTP."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        await (self.answer if scope["type"] == "http" else self.app)(scope, receive, send)

    async def answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request over HTTP."""
        raise NotImplementedError


class Closed(_Middleware):
    """Closes the routes that no page of ours needs."""

    async def answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request to a closed route as one to a route that does not exist."""
        closed = _CLOSED.search(scope["path"])
        await (JSONResponse({"detail": "Not Found"}, status_code=404) if closed else self.app)(scope, receive, send)


class Refused(_Middleware):
    """Makes 422 out of the 500 with which gradio sends a sentence: the request is at fault, not the server."""

    async def answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a direct call; where its answer is an error, it waits for what the error says."""
        held: list[Message] = []

        async def forward(message: "Message") -> None:
            if message.get("status") == 500:
                held.append(message)
                return
            if held:
                start = held.pop()
                await send({**start, "status": 422} if json.loads(message["body"]).get("error") else start)
            await send(message)

        await self.app(scope, receive, forward if _RUN.search(scope["path"]) else send)


class Listened(_Middleware):
    """Ends at once what gradio would leave open for ever or break off: listening where nothing comes any more.

    An event has one listener at a time: of two, each would get half of its messages.
    """

    def __init__(self, app: "ASGIApp") -> None:
        super().__init__(app)
        self._heard: set[str] = set()

    async def answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request for the messages of an event or of a session; any other goes on."""
        request, queue = Request(scope), scope["app"].get_blocks()._queue
        event = _CALLED.search(scope["path"]) if scope["method"] == "GET" else None
        if event:
            await self._event(event[1], request, queue)(scope, receive, send)
        elif scope["path"].endswith(_SESSION):
            await self._session(request, queue)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _event(self, event: str, request: Request, queue: Any) -> "ASGIApp":
        known = queue.event_ids_to_events.get(event)
        pending = queue.pending_event_ids_session
        session = known.session_hash if known else next((each for each in pending if event in pending[each]), None)
        if session not in queue.pending_messages_per_session or event not in pending.get(session, ()):
            return _last(f"event: error\ndata: {json.dumps({'error': _say('event_ended', request)})}")
        if event in self._heard:
            return _last(f"event: error\ndata: {json.dumps({'error': _say('event_heard', request)})}")
        return partial(self._once, event)

    async def _once(self, event: str, scope: "Scope", receive: "Receive", send: "Send") -> None:
        self._heard.add(event)
        try:
            await self.app(scope, receive, send)
        finally:
            self._heard.discard(event)

    def _session(self, request: Request, queue: Any) -> "ASGIApp":
        session = request.query_params.get("session_hash", "")
        if session and session not in queue.pending_messages_per_session:
            ended = UnexpectedErrorMessage(message=_say("event_ended", request), success=False, session_not_found=True)
            return _last(f"data: {ended.model_dump_json()}")
        if session and not queue.pending_event_ids_session.get(session):
            return _last(f"data: {CloseStreamMessage().model_dump_json()}")
        return self.app


def _last(event: str) -> Response:
    """Return a stream of one event."""
    return Response(f"{event}\n\n", media_type="text/event-stream")


def _say(key: str, request: Request) -> str:
    return say(key, language_of(gr.Request(request)))
