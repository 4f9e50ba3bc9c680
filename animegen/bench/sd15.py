"""Stable Diffusion 1.5 at its full size with random weights, built in code: nothing is downloaded."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from animegen.models.device import Placement
from animegen.models.loading import Parts
from animegen.models.table import ModelRow

Sizes = Mapping[str, dict[str, Any]]
"""A model's row, and the configurations of its unet, vae, text_encoder and scheduler."""


@cache
def sizes() -> Sizes:
    """Return the configurations of Stable Diffusion 1.5."""
    return tomllib.loads(files(__package__).joinpath("sd15.toml").read_text(encoding="utf-8"))


def parts(sizes: Sizes, placement: Placement) -> Parts:
    """Return a model of these sizes with fresh random weights, frozen, in the placement's format."""
    return Parts(
        row=ModelRow(**sizes["row"] | {"forbidden_uses": ()}),
        placement=placement,
        folder=Path(__file__).parent,
        tokenizer=_tokenizer(),
        text_encoder=_text_encoder(sizes["text_encoder"], placement),
        unet=_random(lambda: UNet2DConditionModel(**sizes["unet"]), placement),
        vae=_random(lambda: AutoencoderKL(**sizes["vae"]), placement),
        scheduler_config=sizes["scheduler"],
    )


def controlnet(parts: Parts) -> ControlNetModel:
    """Return a ControlNet for a model's UNet with fresh random weights, placed as it is."""
    network: ControlNetModel = _random(
        lambda: ControlNetModel.from_unet(parts.unet, load_weights_from_unet=False), parts.placement
    )
    return network


def _random(build: Callable[[], nn.Module], placement: Placement) -> Any:
    """Build a network without memory for weights, and give it some only where and in the format it is wanted.

    They are filled with noise that keeps the size of what passes; norms scale by 1, and nothing is added.
    """
    with torch.device("meta"):
        network = build()
    network.type(placement.dtype).to_empty(device=placement.device)
    for name, weight in network.named_parameters():
        if weight.ndim > 1:
            bound = weight[0].numel() ** -0.5
            nn.init.uniform_(weight, -bound, bound)
        else:
            nn.init.constant_(weight, float(name.endswith("weight")))
    return network.eval().requires_grad_(False)


def _text_encoder(sizes: Mapping[str, Any], placement: Placement) -> CLIPTextModel:
    """Return a text encoder as transformers begins one; it holds numbers of positions, which are not to be filled."""
    network: CLIPTextModel = CLIPTextModel(CLIPTextConfig(**sizes)).to(placement.device, placement.dtype)
    return network.eval().requires_grad_(False)


def _tokenizer() -> CLIPTokenizer:
    """Return a CLIP tokenizer whose words are single signs: the cost of a text does not depend on its words."""
    signs = [chr(code) for code in range(33, 127)]
    words = [*signs, *(f"{sign}</w>" for sign in signs), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: number for number, word in enumerate(words)}, merges=[], model_max_length=77)
