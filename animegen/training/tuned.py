"""A network with an adapter in it: what is trained, what a checkpoint keeps, and the way back to the bare network."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import torch
from torch import Tensor, nn

from animegen.errors import TrainingFailed
from animegen.lora_files.bases import Part
from animegen.training.adapter_recipe import AdapterSettings

NAME: Final = "default"
"""What PEFT calls the adapter."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Replaced:
    """A weight of the base from which the product of the initial factors (PiSSA, OLoRA) is taken out."""

    weight: Tensor
    down: Tensor
    up: Tensor


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tuned:
    """A network with an adapter in it.

    ``parameters`` are what is trained, float32 in any case, by names that stay the same; ``layers`` are PEFT's layers
    by the paths of those that they stand for; ``replaced`` are the weights of the base that its initialisation changed.
    """

    network: nn.Module
    part: Part
    settings: AdapterSettings
    layers: Mapping[str, Any]
    parameters: Mapping[str, nn.Parameter]
    replaced: dict[str, Replaced] = field(default_factory=dict)

    def state(self) -> dict[str, Tensor]:
        """Return all that a checkpoint needs, not copied; of a changed base also the factors that were taken out."""
        state = {name: parameter.detach() for name, parameter in self.parameters.items()}
        for path, each in self.replaced.items():
            state |= {f"{path}.initial_A": each.down, f"{path}.initial_B": each.up}
        return state

    @torch.no_grad()
    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over, to the bit, what ``state`` returned of a network like this one.

        Raises TrainingFailed where it is of another adapter.
        """
        own = self.state()
        if {name: each.shape for name, each in own.items()} != {name: each.shape for name, each in state.items()}:
            raise TrainingFailed("training.other_adapter_state", part=self.part)
        for name, value in own.items():
            value.copy_(state[name])
        for path in self.replaced:
            self._take_out(path)

    @contextmanager
    def off(self) -> Iterator[None]:
        """Let the network be what it was without the adapter, for the time of the context.

        PEFT's own switch leaves a base as PiSSA and OLoRA have changed it.
        """
        residuals = {path: self.weight(path).data for path in self.replaced}
        self._enable(False)
        self._restore()
        try:
            yield
        finally:
            for path, residual in residuals.items():
                self.weight(path).data = residual
            self._enable(True)

    def remove(self) -> None:
        """Take the adapter out of the network, which is then what it was, to the bit."""
        self._restore()
        for path, layer in self.layers.items():
            parent, _, name = path.rpartition(".")
            setattr(self.network.get_submodule(parent), name, layer.get_base_layer())
        del self.network.peft_config

    def replace(self, path: str, down: Tensor, up: Tensor) -> None:
        """Take the product of initial factors out of a weight, which is kept."""
        self.replaced[path] = Replaced(weight=self.weight(path).data, down=down.clone(), up=up.clone())
        self._take_out(path)

    def factors(self, path: str) -> tuple[nn.Parameter, nn.Parameter]:
        """Return the inner and the outer factor of a LoRA's layer, as PEFT shapes them."""
        layer = self.layers[path]
        return layer.lora_A[NAME].weight, layer.lora_B[NAME].weight

    def scale(self, path: str) -> float:
        """Return what the product of a LoRA's factors is multiplied by."""
        return float(self.layers[path].scaling[NAME])

    def weight(self, path: str) -> nn.Parameter:
        """Return a layer's frozen weight as it is in the network now."""
        weight: nn.Parameter = self.layers[path].get_base_layer().weight
        return weight

    def original(self, path: str) -> Tensor:
        """Return a layer's weight as the base has it."""
        return self.replaced[path].weight if path in self.replaced else self.weight(path).detach()

    def remainder(self, path: str) -> Tensor:
        """Return a layer's weight in float32 as the adapter finds it, what its initialisation took out left out."""
        original = self.original(path).float()
        if path not in self.replaced:
            return original
        each = self.replaced[path]
        return original - (self.scale(path) * each.up.flatten(1) @ each.down.flatten(1)).reshape(original.shape)

    def _enable(self, enabled: bool) -> None:
        for layer in self.layers.values():
            layer.enable_adapters(enabled)

    def _restore(self) -> None:
        for path, each in self.replaced.items():
            self.weight(path).data = each.weight

    def _take_out(self, path: str) -> None:
        """Put into the network what is left of a weight without its initial factors.

        It is computed from the factors alone, and here alone: a machine that decomposes the weight a little otherwise
        resumes with those of the checkpoint.
        """
        self.weight(path).data = self.remainder(path).to(self.replaced[path].weight.dtype)
