"""Trained adapters as LoRA files: in the formats of diffusers, PEFT and kohya, with what their run was."""

import json
import shutil
from collections.abc import Mapping, Sequence
from math import sqrt
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
import yaml
from torch import Tensor

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, Module, write_diffusers, write_kohya, write_peft
from animegen.messages import Message, message
from animegen.training import changes
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.differences import EXACT, Factors, approximate, difference, factors
from animegen.training.metadata import RunRecord, sidecar
from animegen.training.recipe_file import PATHS
from animegen.training.tuned import Tuned

ENERGY: Final = 0.999
"""What a LoRA keeps of the difference of another method, layer by layer: an error of 3 % of its norm at most."""
Precision = Literal["float16", "float32"]


def export(
    tuned: Sequence[Tuned], recipe: AdapterRecipe, record: RunRecord, said: Mapping[str, str], folder: Path
) -> Adapter:
    """Write everything that is published of an adapter's weights into a folder, and return the LoRA.

    The folder appears as a whole, in place of an older one. ``said`` is the run's metadata. Raises TrainingFailed where
    the adapter does nothing, AdapterRefused where a number is too large for its format, and OSError.
    """
    changes.check(tuned)
    adapter = converted(tuned, record.base.lora_base or record.base.name, said)
    aside = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    write_kohya(adapter, aside / f"{recipe.name}.safetensors")
    write_diffusers(adapter, aside)
    write_peft(adapter, aside, record.base.origin)
    text = json.dumps(sidecar(recipe, record), indent=2, ensure_ascii=False)
    (aside / f"{recipe.name}.json").write_text(text + "\n", encoding="utf-8")
    (aside / "recipe.yaml").write_text(yaml.safe_dump(published(recipe), sort_keys=False, allow_unicode=True), "utf-8")
    _replace(folder, aside)
    return adapter


def converted(
    tuned: Sequence[Tuned],
    base: str,
    said: Mapping[str, str],
    *,
    precision: Precision = "float16",
    rank: int | None = None,
) -> Adapter:
    """Return trained adapters as one LoRA of the layers of ``base``, with the metadata ``said``.

    A LoRA is exact but for its format; the difference of another method is approximated with ``rank``, or with what
    keeps ENERGY of each layer's, and a note says how well. Raises AdapterRefused where a number is too large for the
    format.
    """
    modules = [_module(each, path, precision, rank) for each in tuned for path in sorted(each.layers)]
    notes = [_quality(each, modules) for each in tuned if each.settings.method not in EXACT]
    return Adapter(modules=tuple(modules), bases=(base,), metadata=said, notes=tuple(notes))


def published(recipe: AdapterRecipe) -> dict[str, Any]:
    """Return a recipe without the folders of this machine; the names of files and folders stay."""
    values = recipe.model_dump(mode="json")
    for section, key in PATHS:
        if place := values[section][key]:
            values[section][key] = Path(place).name
    if Path(recipe.base).is_absolute():
        values["base"] = Path(recipe.base).name
    return values


def _module(tuned: Tuned, path: str, precision: Precision, rank: int | None) -> Module:
    if tuned.settings.method in EXACT:
        found, scale = factors(tuned, path), tuned.scale(path)
    else:
        found, scale = approximate(difference(tuned, path), ENERGY, rank), 1.0
    down, up = _shaped(found, tuned.original(path).shape)
    kept, name = down.shape[0], f"{tuned.part}.{path}"
    return Module(
        part=tuned.part,
        path=path,
        down=_numbers(down, precision, name),
        up=_numbers(up, precision, name),
        alpha=float(np.float32(scale * kept)),  # as every format has it
    )


def _shaped(found: Factors, weight: torch.Size) -> Factors:
    """Return factors in the shapes that a layer's have: those of a convolution mix in the inner one."""
    down, up = found
    ones = (1,) * len(weight[2:])
    return down.reshape(-1, *weight[1:]), up.reshape(*up.shape, *ones)


def _numbers(factor: Tensor, precision: Precision, layer: str) -> Any:
    values = factor.cpu().numpy().astype(np.float32)
    if precision == "float16" and np.abs(values).max() > np.finfo(np.float16).max:
        raise AdapterRefused("training.too_large_for_float16", layer=layer)
    return values.astype(precision)


def _quality(tuned: Tuned, modules: Sequence[Module]) -> Message:
    """Return a note of how far the approximation of a network's adapter is from it."""
    own = [module for module in modules if module.part == tuned.part]
    pairs = [(difference(tuned, module.path), torch.tensor(module.delta())) for module in own]
    error = sum(float((whole.cpu() - near).square().sum()) for whole, near in pairs)
    share = sqrt(error / sum(float(whole.square().sum()) for whole, _ in pairs))
    rank = max(module.rank for module in own)
    return message("training.approximated", method=tuned.settings.method, rank=rank, error=f"{share:.1%}")


def _replace(folder: Path, aside: Path) -> None:
    """Put a folder in the place of another."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    aside.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
