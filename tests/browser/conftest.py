"""A chromium for the tests that look at the page; where it asks another machine for anything, the test fails."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from tests.ui.conftest import Served, served

__all__ = ["served"]
expect.set_options(timeout=60_000)

Opener = Callable[..., Page]


CLOSED_WORLD = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No name resolves: what a page asks of another machine fails, here as on a machine without a network."""

FRAMES = "async () => { for (let n = 0; n < 10; n++) await new Promise(requestAnimationFrame); }"
"""Runs in the browser: what the page does by itself, without its server, is done after so many frames."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", CLOSED_WORLD])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Opener]:
    """Return a function that opens the page as a new visitor; what the visitor's browser is like are its keywords."""
    wrong: list[str] = []
    contexts = []

    def note(request: Request) -> None:
        if not request.url.startswith((served.url, "data:", "blob:")):
            wrong.append(f"asked elsewhere: {request.url}")

    def opened(**browser_options: object) -> Page:
        context = browser.new_context(**{"locale": "en-GB", **browser_options})
        contexts.append(context)
        context.on("request", note)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.goto(served.url)
        expect(page.locator("#prompt textarea")).to_have_value("1girl")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def enter(page: Page, place: int) -> None:
    """Open a tab by its place from the left."""
    page.locator("#rooms > .tab-wrapper [role=tab]").nth(place).click()
    expect(page.locator("#rooms [role=tabpanel]:visible :is(button, input, textarea):visible").first).to_be_visible()
    settle(page)


def unfold(page: Page, fold: str) -> None:
    """Open a fold of the page by its id."""
    page.locator(f"#{fold} button").first.click()
    expect(page.locator(f"#{fold} :is(button, input, textarea):visible").nth(1)).to_be_visible()
    settle(page)


def settle(page: Page) -> None:
    """Let the page finish what a visitor would not notice, but a test, which is quicker, may come in between of.

    It keeps settings a frame or two after they changed; and what is shown for the first time gets its values once more
    some frames later (gradio 6.31, ``render_previously_invisible_children``), over what was entered by then.
    """
    page.evaluate(FRAMES)


def status(page: Page) -> Locator:
    return page.locator("#status textarea")


def drawn(page: Page) -> None:
    page.locator("#draw").click()
    expect(status(page)).to_have_value("Seed 1234")
