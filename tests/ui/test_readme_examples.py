"""The README's script examples are run as they stand, against a page of this machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.conftest import Served

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860"


def example(language: str, served: Served) -> str:
    """Return the one example whose fence says ``<language> api``, sent to the page that is served here."""
    (code,) = re.findall(rf"^```{language} api\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert ADDRESS in code
    return code.replace(ADDRESS, served.url)


@pytest.mark.slow
def test_the_python_example_draws_two_pictures(served: Served, tmp_path: Path) -> None:
    command = [sys.executable, "-c", example("python", served)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, timeout=120)
    assert "[42, 43]" in done.stdout
    assert done.stdout.count(".png") == 2


@pytest.mark.slow
def test_the_curl_example_ends_with_a_picture(served: Served, tmp_path: Path) -> None:
    command = ["bash", "-c", example("bash", served)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, timeout=120)
    assert "event: complete" in done.stdout
    assert '"seeds": [7]' in done.stdout
    assert ".png" in done.stdout
