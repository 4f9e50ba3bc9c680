"""Muon: momentum whose every matrix is made orthogonal before it is applied, AdamW for vectors.

``torch.optim.Muon`` takes 2-D weights alone, one by one, in bfloat16; this one takes convolutions and whole batches.
Jordan et al. 2024 (the method and its polynomial), Liu et al. 2025, "Muon is scalable for LLM training", section 2.2
(the scale that lets both kinds of weights share AdamW's learning rate and weight decay).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

POLYNOMIAL = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


class Muon(torch.optim.Optimizer):
    """Muon for weights of two and more dimensions (a convolution is flattened after its outputs), else AdamW."""

    def __init__(
        self,
        weights: Iterable[Tensor],
        lr: float,
        weight_decay: float = 0.0,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.99),
    ) -> None:
        super().__init__(weights, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "betas": betas})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # noqa: ARG002  # torch's signature
        """Apply one step to all weights that have a gradient; a closure is not supported."""
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
            same_shape: dict[torch.Size, list[Tensor]] = defaultdict(list)
            for weight in weights:
                same_shape[weight.flatten(1).shape if weight.ndim >= 2 else torch.Size()].append(weight)
            for shape, some in same_shape.items():
                (self._step_muon if shape else self._step_adamw)(some, group)

    def _step_muon(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        """Step weights of one shape together: fewer and larger kernels on a GPU."""
        for weight in weights:
            if not self.state[weight]:
                self.state[weight]["momentum"] = torch.zeros_like(weight)
        momenta = [self.state[weight]["momentum"] for weight in weights]
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        torch._foreach_lerp_(momenta, gradients, 1 - group["momentum"])
        ahead = torch.stack([one.flatten(1) for one in torch._foreach_lerp(gradients, momenta, group["momentum"])])
        steps = orthogonalize(ahead) * (-group["lr"] * 0.2 * max(ahead.shape[1:]) ** 0.5)
        torch._foreach_add_(weights, [step.view_as(weight) for step, weight in zip(steps, weights, strict=True)])

    def _step_adamw(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        for weight in weights:
            if not self.state[weight]:
                zeros = torch.zeros_like(weight), torch.zeros_like(weight)
                self.state[weight] |= {"step": torch.zeros(()), "mean": zeros[0], "square": zeros[1]}
            self.state[weight]["step"] += 1
        means, squares = ([self.state[weight][name] for weight in weights] for name in ("mean", "square"))
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        first, second = group["betas"]
        torch._foreach_lerp_(means, gradients, 1 - first)
        torch._foreach_lerp_(squares, torch._foreach_mul(gradients, gradients), 1 - second)
        counts = [float(self.state[weight]["step"]) for weight in weights]
        divisors = torch._foreach_sqrt(torch._foreach_div(squares, [1 - second**count for count in counts]))
        torch._foreach_add_(divisors, 1e-8)
        steps = torch._foreach_div(means, [(1 - first**count) / group["lr"] for count in counts])
        torch._foreach_addcdiv_(weights, steps, divisors, -1.0)


def orthogonalize(matrices: Tensor) -> Tensor:
    """Return matrices ``(..., M, N)`` with their singular values moved near 1, by Newton and Schulz's iteration."""
    a, b, c = POLYNOMIAL
    upright = matrices.size(-2) > matrices.size(-1)
    wide = matrices.mT if upright else matrices
    wide = wide / (wide.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(ITERATIONS):
        square = wide @ wide.mT
        wide = a * wide + (b * square + c * square @ square) @ wide
    return wide.mT if upright else wide
