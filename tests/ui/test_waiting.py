"""Who waits in the queue: listeners are drawn for, others leave, and an address fills it not alone."""

import pytest
from fastapi import HTTPException

from animegen.ui.queue import PER_ADDRESS
from tests.ui.line import Line, by_hand, wait_in_vain


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
