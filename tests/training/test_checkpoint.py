"""Checkpoints: whole or skipped, never fewer than one."""

import logging
from pathlib import Path

import pytest
import torch

from animegen.training import checkpoint


def state(value: float) -> dict[str, torch.Tensor]:
    return {"weight.a": torch.full((3,), value)}


def test_the_newest_checkpoint_is_read(tmp_path: Path) -> None:
    checkpoint.write(tmp_path, 1, state(1))
    checkpoint.write(tmp_path, 20, state(2))
    found = checkpoint.read_newest(tmp_path)
    assert found is not None
    assert found[0] == 20
    assert torch.equal(found[1]["weight.a"], torch.full((3,), 2.0))


def test_two_checkpoints_are_kept(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        checkpoint.write(tmp_path, step, state(step))
    names = sorted(path.name for path in tmp_path.glob("*.safetensors"))
    assert names == ["step-0000002.safetensors", "step-0000003.safetensors"]


@pytest.mark.parametrize("damage", [b"", b"half of it", None])
def test_a_damaged_checkpoint_is_skipped_and_named(
    tmp_path: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint.write(tmp_path, 1, state(1))
    newest = checkpoint.write(tmp_path, 2, state(2))
    if damage is None:
        newest.with_suffix(".json").unlink()
    else:
        newest.write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        found = checkpoint.read_newest(tmp_path)
    assert found is not None
    assert found[0] == 1
    assert newest.name in caplog.text


def test_an_empty_folder_holds_no_checkpoint(tmp_path: Path) -> None:
    assert checkpoint.read_newest(tmp_path) is None


def test_what_a_crash_left_half_written_is_not_read(tmp_path: Path) -> None:
    checkpoint.write(tmp_path, 1, state(1))
    (tmp_path / "step-0000002.safetensors.part").write_bytes(b"half")
    found = checkpoint.read_newest(tmp_path)
    assert found is not None
    assert found[0] == 1
