"""Initial factors of a LoRA that PEFT cannot be asked for here, drawn and computed in float32.

PEFT rounds them to the format of the base: in bfloat16 the product of its orthogonal factors is no longer 0. It knows
none of them for convolutions, as there are around the transformer blocks of Stable Diffusion 1.5; and its OLoRA
overwrites float32 weights in place, so that nobody has the original any more.
"""

from typing import Final, Literal

import torch
from torch import Tensor

Factors = tuple[Tensor, Tensor]
"""The inner factor (rank, in) and the outer one (out, rank)."""
Own = Literal["orthogonal", "pissa", "olora"]
OWN: Final[tuple[Own, ...]] = ("orthogonal", "pissa", "olora")
REPLACING: Final = ("pissa", "olora")
"""Those whose product is not 0: it is taken out of the base, so that the network begins as it was."""


def factors(initialization: Own, weight: Tensor, rank: int, scale: float, generator: torch.Generator) -> Factors:
    """Return factors for a float32 weight (out, in) whose product is multiplied by ``scale``; the generator is a CPU's.

    Orthogonal ones need an even rank, the others one of at most the shorter side.
    """
    if initialization == "orthogonal":
        down, up = _orthogonal(weight, rank, generator)
        return down.to(weight.device), up.to(weight.device)
    return _pissa(weight, rank, scale) if initialization == "pissa" else _olora(weight, rank)


def _orthogonal(weight: Tensor, rank: int, generator: torch.Generator) -> Factors:
    """Draw from two halves of an orthogonal basis (https://datta0.github.io/posts/rethink-lora-init/)."""
    outputs, inputs = weight.shape
    basis = torch.linalg.qr(torch.randn(rank, rank, generator=generator)).Q
    down = basis[0::2].T @ torch.randn(rank // 2, inputs, generator=generator) / 10
    up = torch.randn(outputs, rank // 2, generator=generator) @ basis[1::2] / 10
    return down, up


def _pissa(weight: Tensor, rank: int, scale: float) -> Factors:
    """Take the principal components (Meng et al. 2024, 2404.02948, equations 2 and 3)."""
    left, values, right = torch.linalg.svd(weight, full_matrices=False)
    root = (values[:rank] / scale).sqrt()
    return root[:, None] * right[:rank], left[:, :rank] * root


def _olora(weight: Tensor, rank: int) -> Factors:
    """Take the first columns and rows of the QR decomposition (Büyükakyüz 2024, 2406.01775, section 3)."""
    basis, rest = torch.linalg.qr(weight)
    return rest[:rank], basis[:, :rank]
