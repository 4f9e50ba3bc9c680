"""Checkpoints of a run: safetensors written aside, synced, read back, renamed, each with its own hash.

A damaged checkpoint is skipped and named; there is never less than one good one, because the older is
removed only after the newer is whole.
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load, save

from animegen.errors import TrainingFailed

KEEP: Final = 2
log = logging.getLogger(__name__)


def write(folder: Path, step: int, tensors: Mapping[str, torch.Tensor]) -> Path:
    """Write the state after ``step`` steps to ``folder`` and keep the newest KEEP checkpoints. Returns its path.

    Raises TrainingFailed when the disk is full or does not keep what was written; earlier checkpoints stay.
    """
    data = save({name: tensor.contiguous() for name, tensor in tensors.items()})
    digest = hashlib.sha256(data).hexdigest()
    manifest = {"step": step, "bytes": len(data), "sha256": digest}
    path = folder / f"step-{step:07d}.safetensors"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(path, data)
        _write_whole(path.with_suffix(".json"), json.dumps(manifest).encode())
    except OSError as problem:
        raise TrainingFailed(
            "training.checkpoint_not_written", file=path.name, reason=problem.strerror or ""
        ) from problem
    for old in sorted(folder.glob("step-*.safetensors"))[:-KEEP]:
        old.with_suffix(".json").unlink(missing_ok=True)
        old.unlink()
    return path


def read(path: Path) -> tuple[int, dict[str, torch.Tensor]]:
    """Return ``(step, tensors)`` of one checkpoint. Raises TrainingFailed where it is missing or damaged."""
    try:
        manifest = json.loads(path.with_suffix(".json").read_bytes())
        data = path.read_bytes()
    except (OSError, ValueError) as problem:
        raise TrainingFailed("training.checkpoint_missing", file=path.name) from problem
    if hashlib.sha256(data).hexdigest() != manifest.get("sha256"):
        raise TrainingFailed("training.checkpoint_damaged", file=path.name)
    return manifest["step"], load(data)


def read_newest(folder: Path) -> tuple[int, dict[str, torch.Tensor]] | None:
    """Return ``(step, tensors)`` of the newest whole checkpoint in ``folder``; None where there is none."""
    for path in sorted(folder.glob("step-*.safetensors"), reverse=True):
        try:
            return read(path)
        except TrainingFailed as problem:
            log.warning("An older checkpoint is used. %s", problem)
    return None


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all. Raises OSError, after which nothing is left aside."""
    aside = path.with_name(path.name + ".part")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if aside.read_bytes() != data:
            raise OSError(None, "it cannot be read back as it was written")
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make the disk keep the names in a folder; only POSIX systems can."""
    if os.name == "posix":
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
