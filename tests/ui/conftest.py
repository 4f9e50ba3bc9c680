"""The page's tests share a studio that needs no model, and a page served on a free port of this machine."""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr
import pytest
from gradio_client import Client

from animegen.ui import build, launch_options
from tests.ui.fake_studio import FakeStudio

PATIENCE = 120
"""Seconds that a request may take: a busy machine is slow, and no test is about that."""


@dataclass(frozen=True)
class Served:
    """A page that is up: its address, and the studio behind it."""

    url: str
    studio: FakeStudio
    page: gr.Blocks

    def client(self) -> Client:
        """Return a new visitor's client."""
        return Client(self.url, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": PATIENCE})


@pytest.fixture
def studio() -> FakeStudio:
    return FakeStudio()


@pytest.fixture
def visitor() -> gr.Request:
    return gr.Request(headers={"accept-language": "en-GB,en;q=0.9"})


@pytest.fixture
def japanese() -> gr.Request:
    return gr.Request(headers={"accept-language": "ja,en-US;q=0.9,en;q=0.8"})


@pytest.fixture(scope="session")
def client(served: Served) -> Client:
    """One script for the tests to which it does not matter who asks."""
    return served.client()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One page for all tests that speak to it over HTTP."""
    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        studio = FakeStudio()
        page = build(studio)
        _, url, _ = page.launch(**launch_options(studio), prevent_thread_lock=True, quiet=True)
        yield Served(url.rstrip("/"), studio, page)
        page.close(verbose=False)
