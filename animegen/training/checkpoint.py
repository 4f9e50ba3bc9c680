"""Checkpoints of a run: safetensors written aside, synced and renamed, each with its own hash.

A damaged checkpoint is skipped and named; there is never less than one good one, because the older is
removed only after the newer is whole.
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load, save

KEEP = 2
log = logging.getLogger(__name__)


def write(folder: Path, step: int, tensors: Mapping[str, torch.Tensor]) -> Path:
    """Write the state after ``step`` steps to ``folder`` and keep the newest KEEP checkpoints. Returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    data = save({name: tensor.contiguous() for name, tensor in tensors.items()})
    manifest = {"step": step, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    path = folder / f"step-{step:07d}.safetensors"
    _write_whole(path, data)
    _write_whole(path.with_suffix(".json"), json.dumps(manifest).encode())
    for old in sorted(folder.glob("step-*.safetensors"))[:-KEEP]:
        old.with_suffix(".json").unlink(missing_ok=True)
        old.unlink()
    return path


def read_newest(folder: Path) -> tuple[int, dict[str, torch.Tensor]] | None:
    """Return ``(step, tensors)`` of the newest whole checkpoint in ``folder``; None where there is none."""
    for path in sorted(folder.glob("step-*.safetensors"), reverse=True):
        try:
            manifest = json.loads(path.with_suffix(".json").read_bytes())
            data = path.read_bytes()
        except (OSError, ValueError) as problem:
            log.warning("Checkpoint %s is skipped: %s", path.name, problem)
            continue
        if hashlib.sha256(data).hexdigest() == manifest["sha256"]:
            return manifest["step"], load(data)
        log.warning("Checkpoint %s is skipped: it is damaged (its hash is not the one recorded)", path.name)
    return None


def _write_whole(path: Path, data: bytes) -> None:
    aside = path.with_name(path.name + ".part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
