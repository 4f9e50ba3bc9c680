"""What an adapter adds to the weights of the base, whatever its method: exactly, and as a LoRA's factors."""

from copy import deepcopy
from typing import Final

import torch
from torch import Tensor

from animegen.training.tuned import Tuned

EXACT: Final = {"lora", "rslora"}
"""The methods whose difference is two factors and a scale."""
Factors = tuple[Tensor, Tensor]
"""The inner factor (rank, in) and the outer one (out, rank); their product is the whole difference."""


@torch.no_grad()
def difference(tuned: Tuned, path: str) -> Tensor:
    """Return what is added to a layer's weight, float32 in its shape."""
    original = tuned.original(path)
    if tuned.settings.method in EXACT:
        down, up = factors(tuned, path)
        return (tuned.scale(path) * up @ down).reshape(original.shape)
    # PEFT's own difference of a DoRA lacks its magnitudes, that of OFT is a rotation: only what they merge is whole.
    # So its conversion to LoRA, which takes the former for the difference, would leave out half of a DoRA.
    layer = deepcopy(tuned.layers[path]).float()
    layer.get_base_layer().weight.data = tuned.remainder(path).clone()
    layer.merge()
    merged: Tensor = layer.get_base_layer().weight
    return merged - original.float()


@torch.no_grad()
def factors(tuned: Tuned, path: str) -> Factors:
    """Return the factors of a LoRA without its scale: of twice the rank where the initial ones were taken out.

    What the base then gains is B A - B0 A0. It is written as (B - B0) A + B0 (A - A0), where both terms are as small as
    what was learned: [B, -B0] [A; A0], the usual form, is the difference of two large products, and half precision
    would leave little of it.
    """
    down, up = (factor.detach().flatten(1) for factor in tuned.factors(path))
    if path not in tuned.replaced:
        return down, up
    start = tuned.replaced[path]
    first_down, first_up = start.down.flatten(1), start.up.flatten(1)
    return torch.cat([down, down - first_down]), torch.cat([up - first_up, first_up], dim=1)


def approximate(whole: Tensor, energy: float, rank: int | None) -> Factors:
    """Return the factors nearest to a difference: of a rank, or of the least that keeps a share of its energy.

    Energy is the sum of the squared singular values (Eckart and Young 1936); a layer has no more ranks than its sides.
    """
    left, values, right = torch.linalg.svd(whole.flatten(1), full_matrices=False)
    sums = values.double().square().cumsum(0)
    kept = rank or int((sums < energy * sums[-1]).sum()) + 1
    root = values[:kept].sqrt()
    return root[:, None] * right[:kept], left[:, :kept] * root
