"""How long a visitor waits at the start: until the page answers, and then for the first picture."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from gradio_client import Client

import animegen
from animegen.errors import EvaluationFailed

APP = Path(animegen.__file__).parents[1] / "app.py"
PATIENCE = 120.0
"""Seconds after which a page that does not answer is given up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartupRow:
    """Seconds from starting the app to its page, and from there to the first picture by the script interface."""

    page_seconds: float
    picture_seconds: float


def startup(app: Path = APP) -> StartupRow | None:
    """Start the app on a free port, wait for its page, ask for one picture; None where there is no app to start.

    Raises EvaluationFailed when the page does not come.
    """
    if not app.is_file():
        return None
    port = _free_port()
    begin = time.perf_counter()
    with _running(app, port) as process:
        _wait_for(f"http://127.0.0.1:{port}/", process)
        page = time.perf_counter()
        _draw(f"http://127.0.0.1:{port}/")
        drawn = time.perf_counter()
    return StartupRow(page_seconds=page - begin, picture_seconds=drawn - page)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _running(app: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1"}
    command = [sys.executable, str(app)]
    with subprocess.Popen(command, cwd=app.parent, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.terminate()


def _wait_for(page: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until and process.poll() is None:
        try:
            with urlopen(page, timeout=5):  # noqa: S310
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise EvaluationFailed("bench.no_page")


def _draw(page: str) -> None:
    Client(page, verbose=False).predict("1girl, blue hair, smile", api_name="/text_to_image")
