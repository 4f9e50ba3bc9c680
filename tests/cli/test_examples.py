"""The commands that the README shows can be typed as they stand."""

import re
import shlex
from pathlib import Path

import pytest
from PIL import Image

from animegen.lora_files import write_kohya
from tests.datasets.folders import write_picture
from tests.lora_files.making import adapter

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
APART = ("evaluate", "bench", "models pull", "train", "selftest", "dataset tag", "dataset sort", "dataset collect")
"""Those that measure or train, which take minutes, and those that download; tests of their own type them."""
COMMANDS = re.findall(rf"^animegen (?!{'|'.join(APART)})(.*?)(?:\s+#.*)?$", README, re.MULTILINE)


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_works(line: str, say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("girl.png", "sketch.png"):
        Image.new("RGB", (64, 64), "pink").save(name)
    write_kohya(adapter("sd1"), Path("miku.safetensors"))
    write_picture(Path("pictures/20_girl/01.png"), "1girl, smile")
    Path("mika.yaml").write_text("name: mika\ndata: {folder: pictures, trigger: mika}\n", encoding="utf-8")
    say("text-to-image", "1girl", "--seed", "42")
    assert say(*shlex.split(line)).code == 0
