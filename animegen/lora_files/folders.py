"""Which files of a folder are its LoRA, and whether they lie in it at all."""

import os
from pathlib import Path
from typing import Final

from animegen.lora_files.bases import PARTS
from animegen.lora_files.weights import Cause, clipped

DIFFUSERS_FILE: Final = "pytorch_lora_weights.safetensors"
PEFT_FILE: Final = "adapter_model.safetensors"
PEFT_CONFIG: Final = "adapter_config.json"
SUFFIXES: Final = frozenset({".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".onnx", ".gguf"})
"""What weights are called; what they are is decided by their content."""


def chosen(folder: Path) -> list[Path]:
    """Return the files that make up a folder's LoRA. Raises Cause when it is not clear which."""
    peft = [folder / sub / PEFT_FILE for sub in ("", *PARTS)]
    for choice in ([folder / DIFFUSERS_FILE], peft, sorted(folder.glob("*.safetensors"))):
        if found := [file for file in choice if file.exists()]:
            break
    else:
        raise Cause("lora_files.folder_without_lora")
    if choice is not peft and len(found) > 1:
        raise Cause("lora_files.folder_ambiguous", count=len(found), first=clipped(found[0].name))
    for file in found:
        if not inside(file, folder):
            raise Cause("lora_files.folder_link", link=clipped(file.name))
    return found


def within(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files in a folder and below it, however deep, and the folders there that cannot be opened.

    A link to a folder is one of the files: it is not followed.
    """
    files, shut, waiting = list[Path](), list[Path](), [folder]
    while waiting:  # Path.rglob calls itself for each folder within another
        opened = waiting.pop()
        try:
            with os.scandir(opened) as lying:
                for each in lying:
                    (waiting if each.is_dir(follow_symlinks=False) else files).append(Path(each.path))
        except OSError:
            shut.append(opened)
    return files, shut


def shelved(root: Path) -> tuple[list[Path], list[Path]]:
    """Return the LoRAs that lie in a folder, however deep, and the folders there that cannot be opened.

    A LoRA is a file of weights or a folder that PEFT or diffusers wrote; a link to such a folder is one of them where
    it leads out, and is passed over where the folder is found at its own place. What lies deeper comes later.
    """
    files, shut = within(root)
    owners = {path: _owner(path) for path in files}
    written = {owner for path, owner in owners.items() if path.name in {DIFFUSERS_FILE, PEFT_FILE}} - {root}
    single = [path for path, owner in owners.items() if path.suffix.lower() in SUFFIXES and owner not in written]
    linked = [path for path in files if path.is_symlink() and path.is_dir() and not inside(path, root) and _wrote(path)]
    found = [*written, *single, *linked]
    return sorted(found, key=lambda path: (len(path.parts), path)), sorted(shut)


def _owner(file: Path) -> Path:
    """Return the folder whose LoRA a file would be a part of; PEFT's parts have a folder of their own within it."""
    return file.parent.parent if file.name == PEFT_FILE and file.parent.name in PARTS else file.parent


def _wrote(folder: Path) -> bool:
    return any(True for pattern in ("*.safetensors", f"*/{PEFT_FILE}") for _ in folder.glob(pattern))


def stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when one of the files does that a LoRA is read from. Raises Cause and OSError."""
    files = chosen(path) if path.is_dir() else [path]
    beside = (file.with_name(PEFT_CONFIG) for file in files)
    read = [*files, *(config for config in beside if config.is_file())]
    return tuple((str(each), each.stat().st_mtime_ns, each.stat().st_size) for each in read)


def inside(file: Path, folder: Path) -> bool:
    """Say whether a file lies in a folder once links are followed; the Hub's cache links to its own store."""
    try:
        target, root = file.resolve(), folder.resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, a zero byte
        return False
    stores = [parent.parent / "blobs" for parent in root.parents if parent.name == "snapshots"]
    return target.is_relative_to(root) or target.parent in stores
