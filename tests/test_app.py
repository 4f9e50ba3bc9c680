"""`python app.py`, as a visitor of a fresh clone starts it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gradio_client import Client
from PIL import Image

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[str]:
    """Start app.py on a free port, and say where it serves as soon as it says so itself."""
    settings |= {
        "GRADIO_SERVER_PORT": str(free_port()),
        "GRADIO_TEMP_DIR": str(folder),
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, str(ROOT / "app.py")]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout
        yield next(line.split()[-1] for line in app.stdout if "Running on local URL" in line)
        app.terminate()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with running(tmp_path, ANIMEGEN_MODEL="chibi") as where:
        yield where


@pytest.mark.slow
def test_the_app_draws_a_character_with_the_embedded_model(address: str) -> None:
    picture, _, details = Client(address, verbose=False).predict(prompt="1girl, blue hair", api_name="/text_to_image")
    with Image.open(picture) as image:
        assert image.size == (256, 256)
        assert f"Seed: {details['seeds'][0]}," in image.info["parameters"]


def test_app_py_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 30
