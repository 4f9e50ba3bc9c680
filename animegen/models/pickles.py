"""Old models whose repositories hold pickles and no safetensors: read once as plain numbers, and rewritten.

Only repositories that the model table or a module here names are read so. Nothing of a pickle is executed:
``torch.load`` with ``weights_only`` makes tensors and refuses whatever else a pickle asks for.
"""

import logging
import os
import pickle
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile, is_zipfile

import torch
from safetensors.torch import save_file
from torch import Tensor

from animegen.errors import ModelUnavailable
from animegen.messages import message

log = logging.getLogger(__name__)
RENAMED: Final[Mapping[str, str]] = {
    "diffusion_pytorch_model.bin": "diffusion_pytorch_model.safetensors",
    "pytorch_model.bin": "model.safetensors",
    "netG.pth": "netG.safetensors",
}
"""What weights are called as pickles, and as safetensors."""
MODEL: Final = (
    *("", "scheduler", "tokenizer"),
    *("unet/config.json", "unet/diffusion_pytorch_model.bin", "vae/config.json", "vae/diffusion_pytorch_model.bin"),
    *("text_encoder/config.json", "text_encoder/pytorch_model.bin"),
)
"""The parts of a base model that holds pickles."""
NETWORK: Final = ("config.json", "diffusion_pytorch_model.bin")
"""The parts of a repository of one network that is a pickle."""
KEPT: Final = (
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
    *(torch.int32, torch.int64, torch.uint8, torch.bool),
)
DAMAGED: Final = (
    *(pickle.UnpicklingError, BadZipFile, RuntimeError, MemoryError, OSError, EOFError),
    *(ValueError, TypeError, LookupError, AttributeError),
)
"""What reading a pickle raises that is damaged, or made to be."""


def rewritten(folder: Path, kept: Path, label: str) -> Path:
    """Return a folder under ``kept`` that holds a model's files with safetensors for pickles; write it where it is not.

    ``folder`` is the snapshot of a repository's commit, as the cache names it. That is logged.
    Raises ModelUnavailable when a pickle holds anything but tensors, or is damaged.
    """
    made = kept / folder.parent.parent.name / folder.name
    if made.is_dir():
        return made
    aside = made.with_name(f"{made.name}.{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            _rewrite(path, aside / path.relative_to(folder), label)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    aside.rename(made)
    log.info("%s", message("models.pickle_converted", model=label))
    return made


def _rewrite(path: Path, place: Path, label: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.name in RENAMED:
        save_file(_tensors(path, label), place.with_name(RENAMED[path.name]), {"format": "pt"})
    elif path.suffix in {".json", ".txt"}:
        shutil.copy(path, place)


def _tensors(path: Path, label: str) -> dict[str, Tensor]:
    """Return what a pickle holds: plain tensors of numbers under names, and nothing that unpacks to more than it is."""
    try:
        if is_zipfile(path) and sum(part.file_size for part in ZipFile(path).infolist()) > path.stat().st_size:
            raise ValueError("it is packed, so it could be of any size")
        found: Any = torch.load(path, map_location="cpu", weights_only=True)
        if not all(isinstance(name, str) and _plain(each) for name, each in found.items()):
            raise ValueError("it holds more than numbers under names")
        return {name: tensor.clone().contiguous() for name, tensor in found.items()}  # which share no storage
    except DAMAGED as problem:
        raise ModelUnavailable("models.pickle_refused", model=label) from problem


def _plain(value: Any) -> bool:
    """Say whether a value is a tensor of numbers, all of them there and none of them odd."""
    if not isinstance(value, Tensor) or value.layout is not torch.strided or value.dtype not in KEPT or value.is_meta:
        return False
    return value.nbytes <= value.untyped_storage().nbytes() and bool(value.isfinite().all())
