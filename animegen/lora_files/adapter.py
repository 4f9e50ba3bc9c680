"""A LoRA in memory, the same whichever file it came from (Hu et al. 2021, 2106.09685)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from animegen.lora_files.bases import Part
from animegen.lora_files.key_names import Format
from animegen.lora_files.layout import Shape
from animegen.messages import Message

BASE_HASH: Final = "animegen.base_hash"
"""The key of the metadata under which stands the hash of the UNet that a LoRA was trained on."""
Factor = NDArray[np.float16] | NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Module:
    """What is added to one layer: two factors and a scale of ``alpha / rank``.

    ``down`` is (rank, in) or (rank, in, height, width), ``up`` is (out, rank) or (out, rank, 1, 1), float16 or
    float32; ``path`` is the layer's name in diffusers' UNet or transformers' text encoder.
    """

    part: Part
    path: str
    down: Factor
    up: Factor
    alpha: float

    @property
    def rank(self) -> int:
        """Return how many directions the difference has at most."""
        return int(self.down.shape[0])

    @property
    def shape(self) -> Shape:
        """Return the shape of the layer's weight."""
        return (self.up.shape[0], *self.down.shape[1:])

    @property
    def convolution(self) -> bool:
        """Say whether the layer looks at more than one place at once."""
        return self.shape[2:] not in {(), (1, 1)}

    def delta(self) -> NDArray[np.float32]:
        """Return what is added to the layer's weight at weight 1, in its shape."""
        up, down = (factor.astype(np.float32) for factor in (self.up, self.down))
        product = up.reshape(-1, self.rank) @ down.reshape(self.rank, -1)
        scaled: NDArray[np.float32] = np.float32(self.alpha / self.rank) * product
        return scaled.reshape(self.shape)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Adapter:
    """A LoRA: its modules, the names of the bases whose layers take them all, and what its file says about it.

    ``source`` is the format that it was read from, None where it was made here, and ``precisions`` are the types of the
    file's numbers; ``notes`` say what had to be assumed.
    """

    modules: tuple[Module, ...]
    bases: tuple[str, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: Format | None = None
    precisions: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    def of(self, part: Part) -> tuple[Module, ...]:
        """Return the modules of one part."""
        return tuple(module for module in self.modules if module.part == part)

    @property
    def size(self) -> int:
        """Return how many bytes its factors have."""
        return sum(module.down.nbytes + module.up.nbytes for module in self.modules)

    def counted(self) -> Mapping[str, Any]:
        """Return the numbers that describe it: modules, ranks, alphas, parameters."""
        factors = [factor for module in self.modules for factor in (module.down, module.up)]
        return {
            "unet_modules": len(self.of("unet")),
            "text_encoder_modules": len(self.of("text_encoder")),
            "convolutions": sum(module.convolution for module in self.modules),
            "ranks": tuple(sorted({module.rank for module in self.modules})),
            "alphas": tuple(sorted({module.alpha for module in self.modules})),
            "parameters": sum(factor.size for factor in factors),
            "precision": ", ".join(self.precisions or sorted({str(factor.dtype) for factor in factors})),
        }
