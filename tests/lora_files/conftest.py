"""The shelf of LoRAs that tests of offers look through."""

from pathlib import Path

import pytest

from animegen.lora_files import write_kohya, write_peft
from tests.lora_files.making import adapter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A kohya file for chibi, one for Stable Diffusion 1.x, and a PEFT folder for chibi."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    write_kohya(adapter("chibi"), shelf / "ink.safetensors", {"modelspec.trigger_phrase": "ink, line art"})
    write_kohya(adapter("sd1"), shelf / "miku.v2.safetensors")
    write_peft(adapter("chibi"), shelf / "soft", "chibi")
    return shelf
