"""Adapters (LoRA and its relatives) put into networks by PEFT; a network keeps its class, and pipelines go on."""

from collections.abc import Mapping
from typing import Any

import torch
from peft import LoKrConfig, LoraConfig, OFTConfig, PeftConfig, inject_adapter_in_model
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import nn

from animegen.lora_files.bases import Part
from animegen.lora_files.layout import Layers, text_encoder_layers, unet_layers
from animegen.training.adapter_recipe import AdapterSettings
from animegen.training.chance import seed_of
from animegen.training.contradictions import OTHERS, check
from animegen.training.dropout import Masks, SampleDropout
from animegen.training.earlier import copy_earlier, read_earlier
from animegen.training.initial import OWN, REPLACING, Own, factors
from animegen.training.targets import ENDINGS
from animegen.training.tuned import NAME, Tuned


def inject(networks: Mapping[Part, nn.Module], settings: AdapterSettings, seed: int, masks: Masks) -> tuple[Tuned, ...]:
    """Put an adapter into each of ``settings.parts`` and return them; all other weights are frozen.

    ``networks`` are the UNet and the text encoder; ``masks`` decide what dropout leaves out. The initial weights are a
    function of the seed alone. Raises TrainingFailed for settings that fit neither each other nor the network, and
    AdapterRefused where the file of ``init_from`` is of another shape.
    """
    check(settings, {part: _layers(part, networks[part]) for part in settings.parts})
    earlier = read_earlier(settings.init_from, networks) if settings.init_from else None
    tuned = tuple(_inject(networks[part], part, settings, seed_of(seed, part), masks) for part in settings.parts)
    if earlier and settings.init_from:
        copy_earlier(earlier, tuned, settings.init_from)
    for each in tuned if settings.method == "dora" else ():
        _measure(each)
    return tuned


def _inject(network: nn.Module, part: Part, settings: AdapterSettings, seed: int, masks: Masks) -> Tuned:
    with torch.random.fork_rng(devices=[]):  # PEFT draws on the CPU
        torch.default_generator.manual_seed(seed)
        inject_adapter_in_model(_config(settings), network, NAME)
    layers = {path: layer for path, layer in network.named_modules() if isinstance(layer, BaseTunerLayer)}
    for parameter in _trained(network).values():
        parameter.data = parameter.data.float()  # PEFT gives it the format of the base
    tuned = Tuned(network=network, part=part, settings=settings, layers=layers, parameters=_trained(network))
    if settings.initialization in OWN:
        _initialize(tuned, settings.initialization, torch.Generator().manual_seed(seed))
    if settings.dropout and settings.method not in OTHERS:
        for path, layer in layers.items():
            layer.lora_dropout[NAME] = SampleDropout(settings.dropout, f"{part}.{path}", masks)
    return tuned


def _trained(network: nn.Module) -> dict[str, nn.Parameter]:
    """Return what is trained, by names without PEFT's own for the adapter."""
    named = network.named_parameters()
    return {name.replace(f".{NAME}", ""): each for name, each in named if each.requires_grad}


def _config(settings: AdapterSettings) -> PeftConfig:
    targets = list(ENDINGS[settings.targets])
    if settings.method == "lokr":
        return LoKrConfig(r=settings.rank, alpha=settings.alpha, target_modules=targets)
    if settings.method == "oft":
        return OFTConfig(oft_block_size=settings.rank, target_modules=targets)
    return LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        target_modules=targets,
        init_lora_weights="gaussian" if settings.initialization == "gaussian" else True,
        use_rslora=settings.method == "rslora",
        use_dora=settings.method == "dora",
    )


@torch.no_grad()
def _initialize(tuned: Tuned, initialization: Own, generator: torch.Generator) -> None:
    """Give a LoRA initial factors that are not PEFT's."""
    for path in tuned.layers:
        matrix = tuned.weight(path).float().flatten(1)
        initial = factors(initialization, matrix, tuned.settings.rank, tuned.scale(path), generator)
        for factor, values in zip(tuned.factors(path), initial, strict=True):
            factor.copy_(values.reshape(factor.shape))
        if initialization in REPLACING:
            tuned.replace(path, *(factor.detach() for factor in tuned.factors(path)))


@torch.no_grad()
def _measure(tuned: Tuned) -> None:
    """Set DoRA's magnitudes to the norms of the weights' rows (Liu et al. 2024, 2402.09353, equation 5).

    PEFT takes them in the format of the base: in bfloat16 their rounding changes the network by a part in 500 before
    the first step.
    """
    for path, layer in tuned.layers.items():
        magnitude = layer.lora_magnitude_vector[NAME].weight
        whole = tuned.remainder(path) + layer.get_delta_weight(NAME)
        magnitude.copy_(whole.flatten(1).norm(dim=1).reshape(magnitude.shape))


def _layers(part: Part, network: Any) -> Layers:
    """Return the layers of a network by its own config."""
    return unet_layers(network.config) if part == "unet" else text_encoder_layers(network.config.to_dict())
