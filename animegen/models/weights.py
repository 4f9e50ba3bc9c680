"""Which files of a network's folder hold its weights, and how many numbers they are. Loads no torch."""

import re
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Final

from safetensors import safe_open

from animegen.errors import AdapterRefused
from animegen.lora_files.weights import called, open_weights
from animegen.messages import Message, message

NAME: Final = re.compile(r"(?:diffusion_pytorch_model|model)(\.fp16)?(?:-\d{5}-of-\d{5})?\.safetensors")
"""What diffusers and transformers call weights, whole or in parts; what else lies there (`non_ema`) draws nothing."""
HALF: Final = "fp16"


def find(folder: Path) -> tuple[tuple[Path, ...], str | None]:
    """Return the safetensors of a network and their variant: None where they have no name of their own, or `fp16`.

    Where both lie there the plain ones count; where none does there are no files.
    """
    named = {path: NAME.fullmatch(path.name) for path in sorted(folder.glob("*.safetensors"))}
    plain = tuple(path for path, name in named.items() if name and not name[1])
    half = tuple(path for path, name in named.items() if name and name[1])
    return (plain, None) if plain or not half else (half, HALF)


def damage(folder: Path) -> Message | None:
    """Return what is wrong with the first damaged file of a model's weights, None where each file is whole."""
    for network in sorted(path for path in folder.iterdir() if path.is_dir()):
        for path in find(network)[0]:
            try:
                with open_weights(path):
                    pass
            except AdapterRefused as refusal:
                name = called(path) if "/" in called(path) else f"{network.name}/{path.name}"
                return message(refusal.message.id, **dict(refusal.message.values) | {"file": name})
    return None


def numbers(files: Sequence[Path]) -> int:
    """Return how many numbers safetensors files hold, from their headers; raises SafetensorError at a damaged one."""
    total = 0
    for path in files:
        with safe_open(path, framework="numpy") as file:
            total += sum(prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118 - no mapping
    return total
