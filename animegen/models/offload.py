"""Networks that take turns on a small GPU: each waits in the machine's own memory until it is called."""

from typing import Any

import torch
from diffusers import AutoencoderKL
from torch import nn


class Turns:
    """The networks of one model, of which those of one stage of a drawing are on the device at a time.

    ``stages`` says when each is called. Only the thread that draws may call them; what leaves the device keeps its
    weights to the bit.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.stages: dict[nn.Module, str] = {}
        self._here: set[nn.Module] = set()

    def take(self, network: nn.Module, stage: str) -> None:
        """Let a network, which lies on the CPU, come when it is called; those of one stage stay beside each other."""
        self.stages[network] = stage
        network.register_forward_pre_hook(lambda *_: self._begin(network))
        if isinstance(network, AutoencoderKL):  # called by encode and decode, which ask this attribute of diffusers
            network._hf_hook = _Called(self)

    def _begin(self, network: nn.Module) -> None:
        if network in self._here:
            return
        leaving = {each for each in self._here if self.stages[each] != self.stages[network]}
        for each in leaving:
            each.to("cpu")
        network.to(self._device)
        self._here = self._here - leaving | {network}


class _Called:
    """What diffusers' autoencoder calls before it encodes or decodes."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def pre_forward(self, network: nn.Module, *_: Any) -> None:
        self._turns._begin(network)
