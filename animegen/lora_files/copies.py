"""Copies of LoRA files in a folder that is offered; nothing there is ever overwritten."""

import hashlib
from pathlib import Path
from typing import Final

from animegen.errors import AdapterRefused
from animegen.lora_files.weights import Cause

SUFFIX: Final = ".safetensors"


def add(source: Path, folder: Path, name: str) -> str:
    """Copy a file into a folder, and return the name by which it is offered from there.

    Where another file of that ``name`` lies, so that pictures may have been drawn with it, the new one's gets the first
    letters of its hash. Raises AdapterRefused where the file cannot be read or the folder not be written to.
    """
    try:
        data = source.read_bytes()
        for each in (name, f"{name}-{hashlib.sha256(data).hexdigest()[:8]}"):
            target = folder / f"{each}{SUFFIX}"
            if not target.exists():
                _write(data, target)
                return each
            if target.read_bytes() == data:
                return each
    except OSError as problem:
        cause = Cause("lora_files.cannot_copy", folder=folder.name, why=str(problem.strerror))
        raise AdapterRefused(cause.message(source.name)) from problem
    raise AdapterRefused(Cause("lora_files.name_taken").message(source.name))


def _write(data: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.part")
    aside.write_bytes(data)
    aside.replace(target)
