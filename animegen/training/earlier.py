"""A LoRA that was made before, as the beginning of a new one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, Module, base_of, read
from animegen.lora_files.bases import Part
from animegen.training.tuned import Tuned


def read_earlier(path: Path, networks: Mapping[Part, Any]) -> Adapter:
    """Return the LoRA in a file or folder. Raises AdapterRefused where it is damaged or of another model."""
    base = base_of("", "the base", networks["unet"].config, networks["text_encoder"].config.to_dict())
    return read(path, [base])


@torch.no_grad()
def copy_earlier(earlier: Adapter, tuned: Sequence[Tuned], path: Path) -> None:
    """Begin with the factors of an earlier LoRA, whose alpha may be another.

    Raises AdapterRefused, before anything changes, where layers or ranks are not the same.
    """
    modules = {(module.part, module.path): module for module in earlier.modules}
    own = {(each.part, layer): each for each in tuned for layer in each.layers}
    if strange := sorted(modules.keys() ^ own.keys()):
        where = "training.init_from_more" if strange[0] in modules else "training.init_from_less"
        raise AdapterRefused(where, file=path.name, layer=".".join(strange[0]))
    for place, module in modules.items():
        expected = own[place].settings.rank
        if module.rank != expected:
            values = {"file": path.name, "rank": module.rank, "layer": ".".join(place), "expected": expected}
            raise AdapterRefused("training.init_from_rank", **values)
    for place, module in modules.items():
        _copy(module, own[place])


def _copy(module: Module, tuned: Tuned) -> None:
    down, up = tuned.factors(module.path)
    down.copy_(torch.tensor(module.down))
    up.copy_(torch.tensor(module.up).float() * (module.alpha / module.rank / tuned.scale(module.path)))
