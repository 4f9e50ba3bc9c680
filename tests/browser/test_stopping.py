"""What visitors see of a drawing that goes on, waits for its turn or is stopped, in a real browser."""

import re

import pytest
from playwright.sync_api import APIResponse, Route, expect

from tests.browser.conftest import Opener, drawn, status, unfold
from tests.ui.conftest import Served

pytestmark = pytest.mark.slow


def test_the_steps_are_told_and_stop_ends_the_drawing(visit: Opener, served: Served) -> None:
    page = visit()
    served.studio.gate.clear()
    served.studio.closed.clear()
    try:
        page.locator("#draw").click()
        expect(status(page)).to_have_value("Step 19 of 20")
        expect(page.locator("#draw")).to_be_disabled()
        page.locator("#stop").click()
        expect(status(page)).to_have_value("Stopped.")
        assert served.studio.closed.wait(60)
    finally:
        served.studio.gate.set()
    expect(page.locator("#draw")).to_be_enabled()
    expect(page.locator("#picture img")).to_have_count(0)
    drawn(page)


def test_a_stop_is_told_however_late_its_own_answer_comes(visit: Opener, served: Served) -> None:
    page = visit()
    held: list[tuple[Route, APIResponse]] = []
    served.studio.gate.clear()
    try:
        page.locator("#draw").click()
        expect(status(page)).to_have_value("Step 19 of 20")
        page.route("**/run/predict*", lambda route: held.append((route, route.fetch())))
        page.locator("#stop").click()
        expect(status(page)).to_have_value("Stopped.")
    finally:
        served.studio.gate.set()
    for route, answer in held:
        route.fulfill(response=answer)
    expect(page.locator("#draw")).to_be_enabled()
    expect(status(page)).to_have_value("Stopped.")


def test_after_a_stop_the_picture_before_stands_there_again(visit: Opener, served: Served) -> None:
    page = visit()
    drawn(page)
    before = page.locator("#picture img").get_attribute("src")
    served.studio.gate.clear()
    try:
        page.locator("#draw").click()
        expect(status(page)).to_have_value("Step 19 of 20")
        page.locator("#stop").click()
        expect(page.locator("#picture img")).to_have_attribute("src", str(before))
    finally:
        served.studio.gate.set()


def test_a_stop_leaves_the_pictures_that_were_finished_in_the_gallery(visit: Opener, served: Served) -> None:
    page = visit()
    unfold(page, "options")
    page.locator("#count input[type=number]").fill("3")
    served.studio.gate.clear()
    served.studio.batch = 2
    try:
        page.locator("#draw").click()
        expect(status(page)).to_have_value("Step 39 of 40")
        page.locator("#stop").click()
        expect(status(page)).to_have_value("Stopped. Finished pictures: 2")
    finally:
        served.studio.gate.set()
        served.studio.batch = 64
    expect(page.locator("#visit img")).to_have_count(2)
    expect(page.locator("#picture img")).to_be_visible()
    expect(page.locator("#draw")).to_be_enabled()


@pytest.mark.parametrize(
    ("locale", "waiting", "stopped"),
    [
        ("en-GB", "Waiting in the queue; 1 before you", "Stopped."),
        ("ja-JP", "順番を待っています（前に 1 件）", "停止しました。"),
    ],
)
def test_who_waits_behind_another_is_told_how_many_come_before_and_can_take_the_request_back(
    visit: Opener, served: Served, locale: str, waiting: str, stopped: str
) -> None:
    first, second = visit(), visit(locale=locale)
    served.studio.gate.clear()
    try:
        first.locator("#draw").click()
        expect(status(first)).to_have_value("Step 19 of 20")
        before = len(served.studio.drawn)
        second.locator("#draw").click()
        expect(status(second)).to_have_value(waiting)
        expect(second.locator("#draw")).to_be_disabled()
        second.locator("#stop").click()
        expect(status(second)).to_have_value(stopped)
        expect(second.locator("#draw")).to_be_enabled()
    finally:
        served.studio.gate.set()
    expect(status(first)).to_have_value("Seed 1234")
    assert len(served.studio.drawn) == before
    second.locator("#draw").click()
    expect(status(second)).to_have_value(re.compile("1234"))


def test_who_waits_behind_another_is_drawn_in_turn(visit: Opener, served: Served) -> None:
    first, second = visit(), visit()
    served.studio.gate.clear()
    try:
        first.locator("#draw").click()
        expect(status(first)).to_have_value("Step 19 of 20")
        second.locator("#draw").click()
        expect(status(second)).to_have_value(re.compile("^Waiting in the queue"))
    finally:
        served.studio.gate.set()
    expect(status(second)).to_have_value("Seed 1234")


def test_closing_the_tab_ends_the_drawing(visit: Opener, served: Served) -> None:
    page = visit()
    served.studio.gate.clear()
    served.studio.closed.clear()
    try:
        page.locator("#draw").click()
        expect(status(page)).to_have_value("Step 19 of 20")
        page.close()
        assert served.studio.closed.wait(60)
    finally:
        served.studio.gate.set()
