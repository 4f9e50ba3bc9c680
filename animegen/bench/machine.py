"""What the numbers were measured on."""

import os
import platform
import time
from dataclasses import dataclass

import diffusers
import torch

from animegen.models.device import Placement

SIDE = 1024
TRIES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """A machine by its processor, the versions that ran on it, and how fast it multiplies matrices at best.

    ``load`` is the load average of the last minute where the system reports it; above about 0.5 the numbers suffer.
    """

    name: str
    threads: int
    format: str
    torch: str
    diffusers: str
    load: float | None
    ceiling_gflops: float


def machine(placement: Placement) -> Machine:
    """Describe this machine; this takes about a second."""
    return Machine(
        name=_name(placement.device),
        threads=torch.get_num_threads(),
        format=str(placement.dtype).removeprefix("torch."),
        torch=torch.__version__,
        diffusers=diffusers.__version__,
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        ceiling_gflops=round(_ceiling(placement)),
    )


def synchronize(device: torch.device) -> None:
    """Wait until the device has done its work; a CPU always has."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def _name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name()
    cpu = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return f"{cpu.get('cpu_name') or platform.processor() or platform.machine()}, {os.cpu_count()} cores"


def _ceiling(placement: Placement) -> float:
    """Return the GFLOP/s of the best of a few products of square matrices."""
    left, right = (torch.randn(SIDE, SIDE, dtype=placement.dtype, device=placement.device) for _ in range(2))
    best = float("inf")
    for _ in range(TRIES):
        begin = time.perf_counter()
        left @ right
        synchronize(placement.device)
        best = min(best, time.perf_counter() - begin)
    return 2 * SIDE**3 / best / 1e9
