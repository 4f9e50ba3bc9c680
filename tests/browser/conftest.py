"""A chromium for the tests that look at the page; where it asks another machine for anything, the test fails."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.ui.conftest import Served, served

__all__ = ["served"]
expect.set_options(timeout=20_000)

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Opener]:
    """Return a function that opens the page as a new visitor; what the visitor's browser is like are its keywords."""
    strangers: list[str] = []
    contexts = []

    def local_only(route: Route) -> None:
        if route.request.url.startswith(served.url):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    def opened(**browser_options: object) -> Page:
        context = browser.new_context(**{"locale": "en-GB", **browser_options})
        contexts.append(context)
        context.route("**/*", local_only)
        page = context.new_page()
        page.on("pageerror", lambda error: strangers.append(f"error: {error}"))
        page.goto(served.url)
        expect(page.locator("#draw")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strangers == []
