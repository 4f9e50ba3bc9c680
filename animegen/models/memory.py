"""How much memory a model needs, from its shapes and the number format, and how much there is; both before it loads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
import torch

from animegen.messages import Message, message
from animegen.models.device import Placement
from animegen.models.table import ModelRow

GIB: Final = 2**30
MAPS: Final = 4
"""So many full sets of its widest layer's maps live at once in a decoder: input, norm, activation and output."""
FULL, HALF = 4, 2
"""Bytes a number, of a safety checker and of an LCM-LoRA's file, in whatever format the model computes."""
CONTAINER: Final = Path("/sys/fs/cgroup")


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What a model takes of its device, in bytes: ``weights`` counted, ``work`` for one picture estimated.

    ``checked`` says whether a safety checker is among the weights, ``more`` what some drawings take besides, by the
    name of what is loaded for them. ``free`` is what the device has to give, None where the system does not tell it.
    """

    weights: int
    work: int
    free: int | None
    checked: bool = False
    more: Mapping[str, int] = field(default_factory=dict)

    @property
    def needed(self) -> int:
        """Weights and work together."""
        return self.weights + self.work

    @property
    def fits(self) -> bool:
        """Whether there is as much as it needs, as far as is known."""
        return self.free is None or self.needed <= self.free


def of(row: ModelRow, placement: Placement, *, public: bool = False) -> Memory:
    """Return what a model will take of its device, and what is free there now.

    On a ``public`` page its safety checker is loaded too, in float32. The work is that of the decoder on one picture of
    the native size, which is the most memory that a drawing takes: for a picture of 512 pixels by Stable Diffusion's in
    float32, 1,024 MiB by this formula and 1,014 MiB measured.
    Where networks are offloaded, the largest counts; on a CPU all of them lie in the same memory.
    """
    bytes_each = placement.dtype.itemsize
    numbers = row.parameters.values()
    alone = placement.low_memory and placement.device.type != "cpu"
    checker = row.lazy_parameters.get("safety_checker", 0) if public else 0
    return Memory(
        weights=bytes_each * (max(numbers, default=0) if alone else sum(numbers)) + FULL * checker,
        work=bytes_each * MAPS * row.decoder_channels * row.native_size**2,
        free=free(placement.device),
        checked=checker > 0,
        more=_more(row, placement),
    )


def _more(row: ModelRow, placement: Placement) -> Mapping[str, int]:
    """Return what a ControlNet takes, and an LCM-LoRA with the copy of what it changes, which is nearly the whole UNet.

    The copy lies in this computer's own memory, and so takes none of a graphics card's.
    """
    bytes_each, more = placement.dtype.itemsize, {}
    if network := row.lazy_parameters.get("controlnet"):
        more["controlnet"] = bytes_each * network
    if (lora := row.lazy_parameters.get("lcm_lora")) and placement.device.type != "cuda":
        more["lcm_lora"] = bytes_each * row.parameters["unet"] + HALF * lora
    return more


def gigabytes(row: ModelRow, placement: Placement, *, public: bool = False) -> float | None:
    """Return what a model needs in GB (of 1,024 MiB), None where it is not known."""
    return round(of(row, placement, public=public).needed / GIB, 2) if row.parameters else None


def describe(row: ModelRow, placement: Placement, *, public: bool = False, loaded: bool = False) -> tuple[Message, ...]:
    """Return what a model needs, what is free, and what to do where that is too little.

    Once a model is ``loaded`` the free memory says nothing, so it is left out.
    """
    if not row.parameters:
        return (message("models.memory_unknown"),)
    found = of(row, placement, public=public)
    needs = message(
        "models.memory_with_safety_checker" if found.checked else "models.memory",
        needed=_gib(found.needed), weights=_gib(found.weights), work=_gib(found.work), size=row.native_size,
    )  # fmt: skip
    more = (message(f"models.memory_for_{part}", size=_gib(size)) for part, size in found.more.items())
    if loaded or found.free is None:
        return (needs, *more)
    where = "computer" if placement.device.type == "cpu" else "gpu"
    free = message(f"models.memory_free_{where}", size=_gib(found.free))
    return (needs, *more, free, *([] if found.fits else [_too_little(placement)]))


def free(device: torch.device) -> int | None:
    """Return how many bytes a device can still give, None where nobody tells."""
    match device.type:
        case "cuda":
            return int(torch.cuda.mem_get_info(device)[0])
        case "mps":
            return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
        case "cpu":
            inside = container(CONTAINER)
            machine = int(psutil.virtual_memory().available)
            return machine if inside is None else min(machine, inside)
    return None


def container(group: Path) -> int | None:
    """Return how many bytes a container may still take (cgroup v2), None where there is no limit.

    Files that are only cached count as free: they give way to whoever needs their place.
    """
    try:
        limit, used = ((group / name).read_text(encoding="utf-8").strip() for name in ("memory.max", "memory.current"))
        lines = (group / "memory.stat").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    if limit == "max":
        return None
    cached = dict(line.split() for line in lines).get("inactive_file", "0")
    return max(int(limit) - int(used) + int(cached), 0)


def _too_little(placement: Placement) -> Message:
    if placement.low_memory or placement.device.type == "cpu":  # nothing is moved away from a CPU
        return message("models.memory_too_little")
    return message("models.memory_too_little_for_all")


def _gib(size: int) -> str:
    return f"{size / GIB:.2f}" if size < GIB else f"{size / GIB:.1f}"
