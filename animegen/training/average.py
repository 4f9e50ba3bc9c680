"""The exponential moving average of a network's weights (EMA), which draws better than the last weights."""

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

WARMUP: Final = 10
"""The average starts short, so that the first random weights are soon forgotten."""


class Average:
    """The averages of some ``weights`` with a ``decay``, each on the device of its weight."""

    def __init__(self, weights: Sequence[Tensor], decay: float) -> None:
        self.decay = decay
        self.weights = [weight.detach().clone() for weight in weights]

    def update(self, weights: Sequence[Tensor], step: int) -> None:
        """Move the averages towards the weights as they are after ``step`` steps."""
        decay = min(self.decay, step / (step + WARMUP))
        torch._foreach_lerp_(self.weights, [weight.detach() for weight in weights], 1 - decay)

    def restore(self, averages: Sequence[Tensor]) -> None:
        """Take over averages that were saved before."""
        for weight, saved in zip(self.weights, averages, strict=True):
            weight.copy_(saved)

    def copy_to(self, weights: Sequence[Tensor]) -> None:
        """Overwrite the weights with their averages."""
        for weight, average in zip(weights, self.weights, strict=True):
            weight.data.copy_(average)
