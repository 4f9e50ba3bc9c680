"""Settings of an adapter that contradict each other or the layers of a base: what PEFT would ignore or fail at."""

from collections.abc import Mapping
from math import prod
from typing import Final

from animegen.errors import TrainingFailed
from animegen.lora_files.bases import Part
from animegen.lora_files.layout import Layers
from animegen.training import targets
from animegen.training.adapter_recipe import AdapterSettings, Initialization, Method

OTHERS: Final[tuple[Method, ...]] = ("lokr", "oft")
"""Methods without two factors: PEFT knows one initialisation of them and no dropout of their inputs.

Its ``module_dropout`` draws from the global generator, and in linear layers of OFT it does nothing at all.
"""
DECOMPOSING: Final[tuple[Initialization, ...]] = ("pissa", "olora")
"""Initialisations by a decomposition of the weight, which has no more ranks than its shorter side."""


def check(settings: AdapterSettings, layers: Mapping[Part, Layers]) -> None:
    """Raise TrainingFailed for the first contradiction; ``layers`` are those of a base's parts, as far as known."""
    own = settings.initialization != "default"
    if settings.method in OTHERS and (own or settings.init_from):
        raise TrainingFailed("training.initialization_of_loras", method=settings.method)
    if settings.init_from and own:
        raise TrainingFailed("training.two_initializations", initialization=settings.initialization)
    if settings.initialization == "orthogonal" and settings.rank % 2:
        raise TrainingFailed("training.rank_odd", rank=settings.rank)
    for part in settings.parts:
        for path, shape in targets.layers(settings.targets, layers.get(part, {})).items():
            _check_rank(settings, path, shape[0], prod(shape[1:]))


def _check_rank(settings: AdapterSettings, path: str, outputs: int, inputs: int) -> None:
    """Refuse a rank that a layer cannot have; OFT's is the size of blocks that fill the layer's inputs."""
    if settings.method == "oft" and inputs % settings.rank:
        raise TrainingFailed("training.block_size", size=settings.rank, path=path, inputs=inputs)
    if settings.initialization in DECOMPOSING and settings.rank > min(inputs, outputs):
        raise TrainingFailed("training.rank_too_high", rank=settings.rank, path=path, most=min(inputs, outputs))
