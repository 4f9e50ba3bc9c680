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


def status(page: Page) -> Locator:
    return page.locator("#status textarea")


def drawn(page: Page) -> None:
    page.locator("#draw").click()
    expect(status(page)).to_have_value("Seed 1234")
