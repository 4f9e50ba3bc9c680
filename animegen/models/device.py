"""The one place where device and number format are decided, with the reason."""

from dataclasses import dataclass, replace

import torch

from animegen.messages import Text, message

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

    With ``low_memory`` its networks are offloaded while they are not used, and pictures are decoded one by one.
    """

    device: torch.device
    dtype: torch.dtype
    reason: Text
    low_memory: bool = False

    @property
    def half(self) -> bool:
        """Whether a number takes 16 bits."""
        return self.dtype.itemsize == 2


def hardware() -> Hardware:
    """Return what this machine has.

    torch 2.11 has no public question for bfloat16 on a CPU; its own compiler asks the same private one
    (``torch.cpu._is_avx512_bf16_supported``). The alternative, parsing /proc/cpuinfo, works on Linux alone.
    """
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
        if found.cuda >= AMPERE:
            return _placement("cuda", torch.bfloat16, "models.cuda_bfloat16")
        return _placement("cuda", torch.float16, "models.cuda_float16")
    if found.mps:
        return _placement("mps", torch.float16, "models.mps_float16")
    if found.cpu_bfloat16:
        return _placement("cpu", torch.bfloat16, "models.cpu_bfloat16")
    return _placement("cpu", torch.float32, "models.cpu_float32")


def _placement(device: str, dtype: torch.dtype, reason: str) -> Placement:
    return Placement(device=torch.device(device), dtype=dtype, reason=message(reason))
