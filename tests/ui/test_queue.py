"""The queue: it never stops, draws for listeners alone, tells the place in it, and keeps nothing of what is done."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import HTTPException, Request
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event
from gradio_client import Client

from animegen.ui import build
from animegen.ui.queue import PATIENCE as LOOKS
from animegen.ui.queue import PER_ADDRESS, Queue
from tests.ui.conftest import PATIENCE, Served
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


@pytest.fixture
def busy(served: Served, client: Client) -> Iterator[Served]:
    """A page that draws already, until the test has ended."""
    served.studio.gate.clear()
    job = served.client().submit(prompt="1girl", steps=2, api_name="/text_to_image")
    try:
        next(iter(job))
        yield served
    finally:
        served.studio.gate.set()
    job.result()


@pytest.fixture
def posted(served: Served) -> Iterator[Callable[..., httpx.Response]]:
    """Return a function that asks for a drawing over HTTP and does not listen; what still waits then is taken back."""
    events: list[str] = []

    def post(**headers: str) -> httpx.Response:
        at, fields = f"{served.url}/gradio_api/call/v2/text_to_image", {"prompt": "1girl", "steps": 1}
        answer = httpx.post(at, json=fields, headers={"x-forwarded-for": "8.8.8.8", **headers}, timeout=PATIENCE)
        events.extend([answer.json()["event_id"]] if answer.status_code == 200 else [])
        return answer

    yield post
    for event in events:
        body = {"event_id": event, "session_hash": event, "fn_index": 0}
        httpx.post(f"{served.url}/gradio_api/cancel", json=body, timeout=PATIENCE)


def draws(client: Client) -> bool:
    return bool(client.predict(prompt="1girl", steps=1, seed=5, api_name="/text_to_image")[2]["seeds"] == [5])


# --- it never stops ---


def test_an_empty_session_is_refused_in_a_sentence_and_stops_drawing_for_nobody(busy: Served, client: Client) -> None:
    waits = client.submit(prompt="1girl", steps=1, seed=6, api_name="/text_to_image")
    body = {"data": ["1girl"], "session_hash": ""}
    answer = httpx.post(f"{busy.url}/gradio_api/call/text_to_image", json=body, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (400, "This session cannot be")
    busy.studio.gate.set()
    assert waits.result()[2]["seeds"] == [6]
    assert draws(client)


@pytest.mark.parametrize("odd", ["", " ", "a b", "x" * 65, "名前", "a/b", "a\0", "*", "<gradio-sep>"])
def test_an_odd_session_is_refused_and_nothing_is_kept_of_it(served: Served, odd: str) -> None:
    for route, more in (("call/emotions", {}), ("queue/join", {"fn_index": 0})):
        body = {"data": [], "session_hash": odd} | more
        answer = httpx.post(f"{served.url}/gradio_api/{route}", json=body, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (400, "This session cannot be")
    assert odd not in served.page.state_holder


@pytest.mark.parametrize("number", [-1, 99999])
def test_a_function_that_does_not_exist_is_not_found(served: Served, number: int) -> None:
    body = {"data": [], "fn_index": number, "session_hash": "somebody"}
    answer = httpx.post(f"{served.url}/gradio_api/queue/join", json=body, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["detail"].split(";")[0]) == (
        404,
        "The page has no function of this number",
    )


def test_a_queue_that_stops_is_started_again_and_the_log_says_why(
    busy: Served, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        monkeypatch.undo()
        raise RuntimeError("a queue without a bottom")

    monkeypatch.setattr(busy.page._queue, "get_events", broken)
    assert client.predict(api_name="/styles")
    assert "started again" in caplog.text
    assert "a queue without a bottom" in caplog.text


def test_a_message_for_nobody_is_dropped() -> None:
    async def work(line: Line) -> None:
        event = await line.push("somebody")
        del line.queue.pending_messages_per_session["somebody"]
        line.queue.broadcast_estimations(event.concurrency_id)

    by_hand(work)


# --- it draws for listeners alone ---


def test_a_drawing_begins_when_somebody_listens_and_not_before() -> None:
    async def work(line: Line) -> None:
        event = await line.push()
        assert line.queue.get_events() is None
        listener = await line.listen(event)
        assert line.queue.get_events() == ([event], False, "gpu")
        await line.leave(listener)

    by_hand(work)


def test_who_listens_does_not_wait_behind_who_does_not() -> None:
    async def work(line: Line) -> None:
        await line.push()
        second = await line.push()
        listener = await line.listen(second)
        assert line.queue.get_events() == ([second], False, "gpu")
        await line.leave(listener)

    by_hand(work)


def test_one_drawing_at_a_time_is_begun_however_many_listen() -> None:
    async def work(line: Line) -> None:
        listener = await line.listen(await line.push())
        line.queue.event_queue_per_concurrency_id["gpu"].current_concurrency = 1
        assert line.queue.get_events() is None
        await line.leave(listener)

    by_hand(work)


def test_a_request_that_nobody_listens_to_leaves_the_queue_after_a_while() -> None:
    async def work(line: Line) -> None:
        await line.push()
        await line.queue.drop_unheard()
        assert len(line.queue) == 1
        await wait_in_vain(line.queue)
        left = line.queue
        assert len(left) == len(left.pending_messages_per_session) == len(left.event_ids_to_events) == 0
        assert left.pending_event_ids_session == {}

    by_hand(work)


def test_a_request_that_somebody_listens_to_waits_as_long_as_it_takes() -> None:
    async def work(line: Line) -> None:
        listener = await line.listen(await line.push())
        await wait_in_vain(line.queue)
        assert len(line.queue) == 1
        await line.leave(listener)

    by_hand(work)


def test_a_drawing_whose_listener_left_ends_at_its_next_step() -> None:
    async def work(line: Line) -> None:
        event = await line.push()
        listener = await line.listen(event)
        line.queue.active_jobs = [line.queue.get_events()[0]]  # type: ignore[index]
        await wait_in_vain(line.queue)
        assert event.alive
        await line.leave(listener)
        await wait_in_vain(line.queue)
        assert not event.alive

    by_hand(work)


def test_a_drawing_that_is_posted_and_cancelled_at_once_is_not_drawn(
    served: Served, client: Client, posted: Callable[..., httpx.Response]
) -> None:
    before = len(served.studio.drawn)
    event = posted().json()["event_id"]
    body = {"event_id": event, "session_hash": event, "fn_index": 0}
    httpx.post(f"{served.url}/gradio_api/cancel", json=body, timeout=PATIENCE)
    assert draws(client)
    assert len(served.studio.drawn) == before + 1


# --- nobody fills it alone ---


def test_an_address_lets_so_many_drawings_wait_on_a_public_page(
    busy: Served, posted: Callable[..., httpx.Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy.studio, "public", True)
    assert [posted().status_code for _ in range(PER_ADDRESS)] == [200] * PER_ADDRESS
    refused = posted()
    assert (refused.status_code, refused.json()["detail"]) == (
        429, "3 drawings of yours wait already; come back when one of them has begun.",
    )  # fmt: skip
    assert posted(**{"accept-language": "ja"}).json()["detail"].startswith("すでに 3 件の描画が")
    assert posted(**{"x-forwarded-for": "8.8.4.4"}).status_code == 200


def test_a_page_of_ones_own_sets_no_limit_to_an_address() -> None:
    async def work(line: Line) -> None:
        for _ in range(PER_ADDRESS + 1):
            await line.push()

    by_hand(work)


def test_a_limit_holds_for_drawings_and_not_for_what_answers_at_once() -> None:
    async def work(line: Line) -> None:
        for _ in range(PER_ADDRESS):
            await line.push()
        with pytest.raises(HTTPException):
            await line.push()
        line.drawing = next(key for key, fn in line.queue.blocks.fns.items() if fn.api_name == "styles")
        await line.push()

    by_hand(work, public=True)


# --- it tells the place ---


def test_a_visitor_is_told_how_many_drawings_come_before_theirs(visitor: gr.Request, japanese: gr.Request) -> None:
    async def work(line: Line) -> None:
        for session in ("first", "second", "third"):
            await line.push(session)
        line.queue.event_queue_per_concurrency_id["gpu"].current_concurrency = 1
        assert [line.queue.place(name) for name in ("first", "third", "nobody")] == [1, 3, None]
        visitor.session_hash = japanese.session_hash = "third"
        assert line.queue.tell_place(visitor) == "Waiting for its turn; drawings before it: 3"
        assert line.queue.tell_place(japanese) == "順番を待っています（前に 3 件）"
        visitor.session_hash = "nobody"
        assert line.queue.tell_place(visitor) == ""

    by_hand(work)


def test_who_is_next_is_told_no_number(visitor: gr.Request) -> None:
    async def work(line: Line) -> None:
        await line.push("first")
        visitor.session_hash = "first"
        assert line.queue.tell_place(visitor) == ""

    by_hand(work)


def test_a_plain_call_reads_its_place_in_its_own_stream(busy: Served, posted: Callable[..., httpx.Response]) -> None:
    at = f"{busy.url}/gradio_api/call/text_to_image/{posted().json()['event_id']}"
    with httpx.stream("GET", at, timeout=PATIENCE) as events:
        first = next(line for line in events.iter_lines() if line.startswith("data: ["))
    assert '"Waiting for its turn; drawings before it: 1"' in first


# --- it keeps nothing ---


def test_two_hundred_plain_calls_leave_nothing_behind(served: Served) -> None:
    page, queue = served.page, served.page._queue
    assert isinstance(queue, Queue)

    def kept() -> int:
        asyncio.run(wait_in_vain(queue))
        sessions = (page.state_holder.session_data, page.state_holder.time_last_used)
        records = (queue.pending_messages_per_session, queue.pending_event_ids_session, queue.event_ids_to_events)
        streams = (page.app.iterators, page.pending_diff_streams)
        return sum(map(len, (*sessions, *records, *streams)))

    def call(web: httpx.Client, name: str, fields: dict[str, object]) -> None:
        event = web.post(f"/v2/{name}", json=fields).json()["event_id"]
        assert "event: complete" in web.get(f"/{name}/{event}").text

    with httpx.Client(base_url=f"{served.url}/gradio_api/call", timeout=PATIENCE) as web:
        call(web, "styles", {})
        before = kept()
        for _ in range(180):
            call(web, "styles", {})
        for _ in range(20):
            call(web, "text_to_image", {"prompt": "1girl", "steps": 2, "width": 128, "height": 128})
        # The last answer comes a moment before its request is forgotten.
        assert any(kept() <= before for _ in range(100) if web.get(f"{served.url}/gradio_api/queue/status"))
    assert len(queue.event_analytics) <= 1
