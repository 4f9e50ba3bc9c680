"""Weights under an optimizer: one step from the parts of a loss, the averaged weights, and their state in tensors."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Literal

import torch
from torch import Tensor, nn

from animegen.training import optimizers
from animegen.training.average import Average

Precision = Literal["float32", "bfloat16", "float16"]
Losses = Mapping[str, Tensor]
"""Losses by name; ``"loss"`` is the one to minimise."""
Reduce = Callable[[Tensor], Tensor]
"""Returns the sum of a tensor over all processes."""
HALF: Final = {"bfloat16": torch.bfloat16, "float16": torch.float16}


class NotFinite(ValueError):
    """A loss is not a finite number; nothing was changed by its step."""


def alone(tensor: Tensor) -> Tensor:
    """Return the sum of a tensor over the one process that there is."""
    return tensor


class Optimization:
    """Named ``weights`` under an ``optimizer``: gradients clipped to ``max_grad_norm``, averages with ``ema_decay``.

    The arithmetic has a ``precision``, and weights are float32 in any case; ``reduce`` sums over processes, each of
    which then makes the same step.
    """

    def __init__(
        self, weights: Mapping[str, nn.Parameter], optimizer: torch.optim.Optimizer, *, max_grad_norm: float,
        ema_decay: float, precision: Precision, reduce: Reduce = alone,
    ) -> None:  # fmt: skip
        self.weights, self.optimizer = weights, optimizer
        self._list = list(weights.values())
        self._device = self._list[0].device.type
        self._norm, self._precision, self._reduce = max_grad_norm, precision, reduce
        self.average = Average(self._list, ema_decay) if ema_decay else None
        self._scaler = torch.GradScaler(self._device, enabled=precision == "float16")
        self.steps = 0

    def advance(self, parts: Iterable[Losses], rates: Sequence[float]) -> dict[str, float]:
        """Make one step from losses that sum up to the step's, with a learning rate for each group; return the sums.

        Raises NotFinite on a loss that is not finite.
        """
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        sums: dict[str, Tensor] = {}
        for losses in self._computed(parts):
            self._scaler.scale(losses["loss"]).backward()
            for name, value in losses.items():
                sums[name] = sums.get(name, 0) + value.detach().float()
        found = self._finite(sums)
        self._share_gradients()
        self._scaler.unscale_(self.optimizer)
        nn.utils.clip_grad_norm_(self._list, self._norm)
        with self.autocast():
            self._scaler.step(self.optimizer)
        self._scaler.update()
        self.steps += 1
        if self.average is not None:
            self.average.update(self._list, self.steps)
        return found

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Hold the averaged weights, where there are any, in the network for a while."""
        if self.average is None:
            yield
            return
        kept = [weight.detach().clone() for weight in self._list]
        self.average.copy_to(self._list)
        try:
            yield
        finally:
            for weight, value in zip(self._list, kept, strict=True):
                weight.data.copy_(value)

    def autocast(self) -> torch.autocast:
        """Return the context in which networks compute in the run's precision."""
        half = HALF.get(self._precision)
        return torch.autocast(self._device, half or torch.bfloat16, enabled=half is not None)

    def state(self) -> dict[str, Tensor]:
        """Return the tensors of a checkpoint: weights, averages, optimizer, gradient scale."""
        state = {f"weight.{name}": weight.detach() for name, weight in self.weights.items()}
        if self.average is not None:
            averages = zip(self.weights, self.average.weights, strict=True)
            state |= {f"averaged.{name}": weight for name, weight in averages}
        state |= {
            f"scaler.{name}": torch.tensor(value, dtype=torch.float64)
            for name, value in self._scaler.state_dict().items()
        }
        return state | optimizers.state(self.optimizer, self.weights)

    def restore(self, steps: int, state: Mapping[str, Tensor]) -> None:
        """Continue after ``steps`` from the tensors of a checkpoint. Raises KeyError where one is missing."""
        self.steps = steps
        for name, weight in self.weights.items():
            weight.data.copy_(state[f"weight.{name}"])
        if self.average is not None:
            self.average.restore([state[f"averaged.{name}"] for name in self.weights])
        scale = {name: type(value)(state[f"scaler.{name}"].item()) for name, value in self._scaler.state_dict().items()}
        if scale:
            self._scaler.load_state_dict(scale)
        optimizers.restore(self.optimizer, self.weights, state)

    def _computed(self, parts: Iterable[Losses]) -> Iterator[Losses]:
        """Yield the losses of each part, computed in the run's precision; nothing but that is."""
        waiting = iter(parts)
        while True:
            with self.autocast():
                losses = next(waiting, None)
            if losses is None:
                return
            yield losses

    def _finite(self, sums: Mapping[str, Tensor]) -> dict[str, float]:
        """Return the losses summed over all processes. Raises NotFinite, in every process alike."""
        names = sorted(sums)
        totals = self._reduce(torch.stack([sums[name] for name in names]))
        if not totals.isfinite().all():
            raise NotFinite
        return dict(zip(names, totals.tolist(), strict=True))

    def _share_gradients(self) -> None:
        """Sum the gradients of all processes, in one message."""
        if self._reduce is alone:
            return
        for weight in self._list:
            if weight.grad is None:
                weight.grad = torch.zeros_like(weight)
        gradients = [weight.grad for weight in self._list if weight.grad is not None]
        total = self._reduce(torch.cat([gradient.flatten() for gradient in gradients]))
        for gradient, shared in zip(gradients, total.split([each.numel() for each in gradients]), strict=True):
            gradient.copy_(shared.view_as(gradient))
