"""The queue: it never stops, draws for listeners alone, tells the place in it, and keeps nothing of what is done."""

import asyncio
from collections.abc import Callable, Iterator

import gradio as gr
import httpx
import pytest
from gradio_client import Client

from animegen.ui.queue import PER_ADDRESS, Queue
from tests.ui.conftest import PATIENCE, Served
from tests.ui.line import Line, by_hand, wait_in_vain


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
    assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (400, "Invalid session_hash")
    busy.studio.gate.set()
    assert waits.result()[2]["seeds"] == [6]
    assert draws(client)


@pytest.mark.parametrize("odd", ["", " ", "a b", "x" * 65, "名前", "a/b", "a\0", "*", "<gradio-sep>"])
def test_an_odd_session_is_refused_and_nothing_is_kept_of_it(served: Served, odd: str) -> None:
    for route, more in (("call/emotions", {}), ("queue/join", {"fn_index": 0})):
        body = {"data": [], "session_hash": odd} | more
        answer = httpx.post(f"{served.url}/gradio_api/{route}", json=body, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (400, "Invalid session_hash")
    assert odd not in served.page.state_holder


@pytest.mark.parametrize("number", [-1, 99999])
def test_a_function_that_does_not_exist_is_not_found(served: Served, number: int) -> None:
    body = {"data": [], "fn_index": number, "session_hash": "somebody"}
    answer = httpx.post(f"{served.url}/gradio_api/queue/join", json=body, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["detail"].split(";")[0]) == (
        404,
        "No function with this number",
    )


@pytest.mark.parametrize("number", [-1, 99999])
def test_a_function_that_does_not_exist_cannot_be_run_either(served: Served, number: int) -> None:
    body = {"data": [], "fn_index": number}
    answer = httpx.post(f"{served.url}/gradio_api/run/predict", json=body, timeout=PATIENCE)
    assert answer.status_code in (404, 422)


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
        429, "3 of your drawings are waiting already; try again when one of them has started.",
    )  # fmt: skip
    assert posted(**{"accept-language": "ja"}).json()["detail"].startswith("すでに 3 件の描画が")
    assert posted(**{"x-forwarded-for": "8.8.4.4"}).status_code == 200


# --- it tells the place ---


def test_a_visitor_is_told_how_many_drawings_come_before_theirs(visitor: gr.Request, japanese: gr.Request) -> None:
    async def work(line: Line) -> None:
        for session in ("first", "second", "third"):
            await line.push(session)
        line.queue.event_queue_per_concurrency_id["gpu"].current_concurrency = 1
        assert [line.queue.place(name) for name in ("first", "third", "nobody")] == [1, 3, None]
        visitor.session_hash = japanese.session_hash = "third"
        assert line.queue.tell_place(visitor) == "Waiting in the queue; 3 before you"
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
    assert '"Waiting in the queue; 1 before you"' in first


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
