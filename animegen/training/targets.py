"""Which layers of a base get an adapter, and how large the adapter is; without torch."""

from collections.abc import Mapping
from math import prod
from typing import Final

from animegen.lora_files.layout import Layers
from animegen.training.adapter_recipe import Targets

READ: Final = ("to_q", "to_k", "to_v", "q_proj", "k_proj", "v_proj")
"""Queries, keys and values of the attention layers, as the UNet and as the text encoder call them."""
OUT: Final = ("to_out.0", "out_proj")
FEED_FORWARD: Final = ("ff.net.0.proj", "ff.net.2", "mlp.fc1", "mlp.fc2")
PROJECTIONS: Final = ("proj_in", "proj_out")
"""Linear layers or 1x1 convolutions around the UNet's transformer blocks."""
ENDINGS: Final[Mapping[Targets, tuple[str, ...]]] = {
    "attention": READ,
    "attention+out": READ + OUT,
    "attention+mlp": READ + OUT + FEED_FORWARD,
    "kohya": READ + OUT + FEED_FORWARD + PROJECTIONS,
}


def layers(targets: Targets, network: Layers) -> Layers:
    """Return those layers of a network (UNet or text encoder) that ``targets`` names, in the network's order."""
    endings = tuple(f".{ending}" for ending in ENDINGS[targets])
    return {name: shape for name, shape in network.items() if name.endswith(endings)}


def parameters(targeted: Layers, rank: int) -> int:
    """Return how many numbers a LoRA of a rank has on these layers: its two matrices each."""
    return sum(rank * (shape[0] + prod(shape[1:])) for shape in targeted.values())
