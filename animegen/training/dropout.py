"""Dropout of an adapter's inputs whose masks are a function of seed, step and sample, whatever else happens.

PEFT's own draws from the global generator: its masks change with the split of a batch over processes or accumulation,
and a run that is resumed needs the state of every generator. Here each sample and layer have a generator of their own,
so that the second forward pass of gradient checkpointing draws the same as the first.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from animegen.training.chance import seed_of


class Masks:
    """The masks of the samples that pass through now; all dropout of a run shares one of these.

    It is no variable of a thread or a context: a backward pass with gradient checkpointing runs on another thread.
    """

    def __init__(self) -> None:
        self._keys: Sequence[int] | None = None

    @contextmanager
    def samples(self, keys: Sequence[int]) -> Iterator[None]:
        """Name the samples of a batch by a key each, for its forward and its backward pass."""
        self._keys = keys
        try:
            yield
        finally:
            self._keys = None

    def drop(self, values: Tensor, rate: float, layer: str) -> Tensor:
        """Return values (samples, ...) with a share of them at 0 and the others enlarged to the same sum.

        Raises RuntimeError where the samples are not named.
        """
        if self._keys is None or len(self._keys) != len(values):
            named = "no" if self._keys is None else len(self._keys)
            raise RuntimeError(f"{layer} drops inputs of {len(values)} samples, and {named} keys are set for them.")
        kept = torch.stack([self._kept(values[0], rate, seed_of(each, layer)) for each in self._keys])
        return values * (kept / (1 - rate)).to(values.dtype)

    def _kept(self, like: Tensor, rate: float, seed: int) -> Tensor:
        generator = torch.Generator(like.device).manual_seed(seed)
        return torch.rand(like.shape, generator=generator, device=like.device) >= rate


class SampleDropout(nn.Module):
    """Dropout of one layer in training, by the run's masks."""

    def __init__(self, rate: float, layer: str, masks: Masks) -> None:
        super().__init__()
        self.rate, self.layer, self.masks = rate, layer, masks

    def forward(self, values: Tensor) -> Tensor:
        """Return the values as they are out of training."""
        return self.masks.drop(values, self.rate, self.layer) if self.training else values
