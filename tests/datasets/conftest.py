"""A booru of our own, its client that nobody waits for, and a folder that is not there yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from animegen.datasets.collecting import Client
from tests.booru import Booru, serving
from tests.datasets.collecting_runs import Clock


@pytest.fixture
def booru() -> Iterator[Booru]:
    with serving() as served:
        yield served


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(booru: Booru, clock: Clock) -> Iterator[Client]:
    opened = Client(booru.url, clock=clock, sleep=clock.sleep)
    yield opened
    opened.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
