"""Copies of LoRA files: what is drawn with is never overwritten."""

from pathlib import Path

import pytest

from animegen.errors import AdapterRefused
from animegen.lora_files import Offers, copies, write_kohya
from tests.lora_files.making import adapter


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "epochs" / "ink-e005.safetensors"
    path.parent.mkdir()
    write_kohya(adapter("chibi"), path)
    return path


def test_a_copy_is_offered_by_its_name(source: Path, tmp_path: Path) -> None:
    name = copies.add(source, tmp_path / "loras", "ink-e005")
    assert list(Offers([tmp_path / "loras"]).of("chibi")) == [name] == ["ink-e005"]


def test_the_same_file_is_copied_once(source: Path, tmp_path: Path) -> None:
    names = [copies.add(source, tmp_path / "loras", "ink") for _ in range(2)]
    assert names == ["ink", "ink"]
    assert [each.name for each in (tmp_path / "loras").iterdir()] == ["ink.safetensors"]


def test_another_file_of_that_name_is_left_as_it_is(source: Path, tmp_path: Path) -> None:
    (tmp_path / "ink.safetensors").write_bytes(b"drawn with")
    names = [copies.add(source, tmp_path, "ink") for _ in range(2)]
    assert names[0] == names[1] != "ink"
    assert (tmp_path / f"{names[0]}.safetensors").read_bytes() == source.read_bytes()
    assert (tmp_path / "ink.safetensors").read_bytes() == b"drawn with"


def test_a_folder_that_takes_no_files_is_one_sentence(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AdapterRefused, match=r"^ink-e005.safetensors cannot be copied into the folder file: "):
        copies.add(source, tmp_path / "file", "ink")
