"""How far an adapter moves the weights of its base, by groups of layers; one that moves none is named."""

from collections import defaultdict
from collections.abc import Sequence
from math import isfinite, sqrt
from typing import Final

from animegen.errors import TrainingFailed
from animegen.lora_files.bases import Part
from animegen.training.differences import difference
from animegen.training.tuned import Tuned

LEAST: Final = 1e-6
"""Of all groups one has to change by this share: a thousandth part of what half precision rounds away is nothing."""
KINDS: Final = {
    "attn1": "attn1",
    "attn2": "attn2",
    "self_attn": "attention",
    "ff": "mlp",
    "mlp": "mlp",
    "proj_in": "projection",
    "proj_out": "projection",
}
"""Kinds of layers by the part of their names that tells them."""


def change(tuned: Tuned) -> dict[str, float]:
    """Return |dW| / |W| by group (`down.attn1`, `mid.mlp`, `text_encoder.attention`), both by Frobenius' norm."""
    moved, whole = defaultdict[str, float](float), defaultdict[str, float](float)
    for path in tuned.layers:
        name = group(tuned.part, path)
        moved[name] += float(difference(tuned, path).square().sum())
        whole[name] += float(tuned.original(path).float().square().sum())
    return {name: sqrt(moved[name] / whole[name]) for name in sorted(moved)}


def group(part: Part, path: str) -> str:
    """Return the group of a layer: where it is in the network, and its kind."""
    words = path.split(".")
    place = part if part == "text_encoder" else words[0].partition("_")[0]
    return f"{place}.{next(KINDS[word] for word in words if word in KINDS)}"


def check(tuned: Sequence[Tuned]) -> dict[str, float]:
    """Return the changes of all networks. Raises TrainingFailed when they are nothing, or no numbers."""
    changes = {name: value for each in tuned for name, value in change(each).items()}
    for name, value in changes.items():
        if not isfinite(value):
            raise TrainingFailed("training.weights_not_finite", group=name)
    most = max(changes.values())
    if most < LEAST:
        raise TrainingFailed("training.nothing_learned", change=f"{most:.1e}", least=f"{LEAST:.0e}")
    return changes
