"""Optimizers by the names that recipes give them, and their state as plain tensors."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import torch
from torch import Tensor, nn

from animegen.errors import TrainingFailed
from animegen.training.muon import Muon

PACKAGES: Final = {
    "adamw8bit": ("bitsandbytes.optim", "AdamW8bit", "bitsandbytes"),
    "prodigy": ("prodigyopt", "Prodigy", "prodigyopt"),
}
"""Where optimizers of other packages are: module, class, and what to install."""
OWN: Final[Mapping[str, Callable[..., torch.optim.Optimizer]]] = {"adamw": torch.optim.AdamW, "muon": Muon}
Named = Mapping[str, nn.Parameter]


def create(
    name: str, groups: list[dict[str, Any]], *, learning_rate: float, weight_decay: float
) -> torch.optim.Optimizer:
    """Return an optimizer over groups of parameters.

    Raises TrainingFailed when it is of a package that is not installed.
    """
    settings: dict[str, Any] = {"lr": learning_rate, "weight_decay": weight_decay}
    if name in OWN:
        return OWN[name](groups, **settings)
    module, kind, package = PACKAGES[name]
    try:
        optimizer: torch.optim.Optimizer = getattr(importlib.import_module(module), kind)(groups, **settings)
    except ImportError as problem:
        raise TrainingFailed("training.optimizer_missing", optimizer=name, package=package) from problem
    return optimizer


def state(optimizer: torch.optim.Optimizer, names: Named) -> dict[str, Tensor]:
    """Return all that an optimizer remembers, by the names of its weights; rates are not part of it."""
    found: dict[str, Tensor] = {}
    places = set[int]()
    for name, weight in names.items():
        for slot, value in optimizer.state.get(weight, {}).items():
            tensor = _tensor(value)
            shared = tensor.data_ptr() in places  # which a safetensors file does not hold
            places.add(tensor.data_ptr())
            found[f"optimizer.{slot}.{name}"] = tensor.clone() if shared else tensor
    return found | {f"group.{number}.{key}": _tensor(value) for number, key, value in _numbers(optimizer)}


def restore(optimizer: torch.optim.Optimizer, names: Named, saved: Mapping[str, Tensor]) -> None:
    """Give an optimizer back what ``state`` returned."""
    for key, value in saved.items():
        kind, _, place = key.partition(".")
        if kind == "optimizer":
            slot, name = place.split(".", 1)
            weight = names[name]
            optimizer.state[weight][slot] = value.to(weight.device) if value.ndim else _scalar(value)
        elif kind == "group":
            number, name = place.split(".", 1)
            optimizer.param_groups[int(number)][name] = value.item()


def _numbers(optimizer: torch.optim.Optimizer) -> Iterator[tuple[int, str, int | float]]:
    """Yield the numbers that an optimizer has changed in its groups: Prodigy keeps its estimate of the rate there."""
    for number, group in enumerate(optimizer.param_groups):
        for key, value in group.items():
            if key != "lr" and type(value) in (int, float) and value != optimizer.defaults.get(key):
                yield number, key, value


def _tensor(value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value.detach()
    return torch.tensor(value, dtype=torch.int64 if isinstance(value, int) else torch.float64)


def _scalar(value: Tensor) -> Any:
    """Return a number as the optimizer keeps it: torch's own are float32 tensors, others are Python's."""
    return value.clone() if value.dtype == torch.float32 else value.item()
