"""The commands that the README shows can be typed as they stand."""

import re
import shlex
from pathlib import Path

import pytest
from PIL import Image

from animegen.lora_files import write_kohya
from tests.lora_files.making import adapter

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^animegen (?!evaluate|bench|models pull)(.*?)(?:\s+#.*)?$", README, re.MULTILINE)
"""All but those that measure, which take minutes, and the one that downloads, which `test_models` types."""


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_works(line: str, say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("girl.png", "sketch.png"):
        Image.new("RGB", (64, 64), "pink").save(name)
    write_kohya(adapter("sd1"), Path("miku.safetensors"))
    say("text-to-image", "1girl", "--seed", "42")
    assert say(*shlex.split(line)).code == 0
