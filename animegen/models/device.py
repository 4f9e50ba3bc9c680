"""The one place where device and number format are decided, with the reason in words."""

from dataclasses import dataclass, replace

import torch

AMPERE = (8, 0)
"""The first CUDA capability with bfloat16 in hardware; older cards only emulate it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hardware:
    """What this machine has: the capability of its CUDA device, Apple's GPU, bfloat16 arithmetic on the CPU."""

    cuda: tuple[int, int] | None = None
    mps: bool = False
    cpu_bfloat16: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a model runs and in which number format, and why.

    With ``low_memory`` its networks take turns on the device, and pictures are decoded one by one.
    """

    device: torch.device
    dtype: torch.dtype
    reason: str
    low_memory: bool = False

    @property
    def half(self) -> bool:
        """Whether a number takes 16 bits."""
        return self.dtype.itemsize == 2


def hardware() -> Hardware:
    """Look at this machine."""
    return Hardware(
        cuda=torch.cuda.get_device_capability() if torch.cuda.is_available() else None,
        mps=torch.backends.mps.is_available(),
        cpu_bfloat16=torch.cpu._is_avx512_bf16_supported(),
    )


def here(*, low_memory: bool = False) -> Placement:
    """Return device and dtype for this machine."""
    return replace(place(hardware()), low_memory=low_memory)


def place(found: Hardware) -> Placement:
    """Return device and dtype for a machine; float16 never lands on a CPU, where it is a hundred times slower."""
    if found.cuda is not None:
        device, modern = torch.device("cuda"), found.cuda >= AMPERE
        dtype = torch.bfloat16 if modern else torch.float16
        why = "computes bfloat16" if modern else "is older than bfloat16, so float16 it is"
        return Placement(device=device, dtype=dtype, reason=f"A CUDA GPU is there and {why}.")
    if found.mps:
        return Placement(
            device=torch.device("mps"), dtype=torch.float16, reason="Apple's GPU is there; float16 suits it."
        )
    cpu = torch.device("cpu")
    if found.cpu_bfloat16:
        return Placement(device=cpu, dtype=torch.bfloat16, reason="There is no GPU, and the CPU computes bfloat16.")
    return Placement(device=cpu, dtype=torch.float32, reason="There is no GPU, and the CPU is fastest in float32.")
