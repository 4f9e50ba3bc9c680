"""Networks offloaded from a small GPU: each waits in the machine's own memory until its stage of a drawing begins."""

from typing import Any

import torch
from accelerate.hooks import ModelHook, add_hook_to_module
from torch import nn


class StageOffload(ModelHook):
    """Keeps the networks of one stage of a drawing on the device, and those of the others on the CPU.

    A hook of accelerate, which ``forward`` calls, and ``encode`` and ``decode`` of diffusers' autoencoders too.
    accelerate's own ``cpu_offload_with_hook`` lets networks follow each other one by one: a UNet and its ControlNet
    would be moved at every step. ``stages`` says when each network is called. Only the thread that draws may call
    them; what leaves the device keeps its weights to the bit.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.stages: dict[nn.Module, str] = {}
        self._resident: set[nn.Module] = set()

    def add(self, network: nn.Module, stage: str) -> None:
        """Move a network, which lies on the CPU, to the device whenever its stage begins."""
        self.stages[network] = stage
        add_hook_to_module(network, self)

    def pre_forward(self, module: nn.Module, *args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Bring a network to the device, and those of another stage back; the arguments stay as they are."""
        if module not in self._resident:
            leaving = {each for each in self._resident if self.stages[each] != self.stages[module]}
            for each in leaving:
                each.to("cpu")
            module.to(self._device)
            self._resident = self._resident - leaving | {module}
        return args, kwargs
