"""Which files of a folder are its LoRA, and whether they lie in it at all."""

import os
from pathlib import Path
from typing import Final

from animegen.lora_files.bases import PARTS
from animegen.lora_files.weights import Cause, clipped

DIFFUSERS_FILE: Final = "pytorch_lora_weights.safetensors"
PEFT_FILE: Final = "adapter_model.safetensors"
PEFT_CONFIG: Final = "adapter_config.json"


def chosen(folder: Path) -> list[Path]:
    """Return the files that make up a folder's LoRA. Raises Cause when it is not clear which."""
    peft = [folder / sub / PEFT_FILE for sub in ("", *PARTS)]
    for choice in ([folder / DIFFUSERS_FILE], peft, sorted(folder.glob("*.safetensors"))):
        if found := [file for file in choice if file.exists()]:
            break
    else:
        raise Cause("holds no LoRA as safetensors, and nothing else is opened; name another folder.")
    if choice is not peft and len(found) > 1:
        raise Cause(f"holds {len(found)} files, {clipped(found[0].name)} first; name one of them.")
    for file in found:
        if not inside(file, folder):
            raise Cause(f"holds {clipped(file.name)} as a link that leads out of it; put the file itself there.")
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


def inside(file: Path, folder: Path) -> bool:
    """Say whether a file lies in a folder once links are followed; the Hub's cache links to its own store."""
    try:
        target, root = file.resolve(), folder.resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, a zero byte
        return False
    stores = [parent.parent / "blobs" for parent in root.parents if parent.name == "snapshots"]
    return target.is_relative_to(root) or target.parent in stores
