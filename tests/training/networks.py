"""Networks with adapters for tests: the tiny Stable Diffusion, and one forward pass of each part."""

from typing import Any

import torch
from torch import Tensor, nn

from animegen.lora_files.bases import Part
from animegen.training.adapter_recipe import AdapterSettings
from animegen.training.dropout import Masks
from animegen.training.tuned import Tuned
from animegen.training.tuners import inject
from tests import tiny

METHODS = ("lora", "rslora", "dora", "lokr", "oft")


def networks(dtype: torch.dtype = torch.float32) -> dict[Part, Any]:
    made = tiny.parts()
    for network in (made.unet, made.text_encoder):
        torch.nn.Module.to(network, dtype)  # diffusers' own warns of layers to be kept in float32, of which it has none
    return {"unet": made.unet, "text_encoder": made.text_encoder}


def settings(**fields: Any) -> AdapterSettings:
    return AdapterSettings(**{"rank": 4, "alpha": 2, "dropout": 0, **fields})


def tuned(seed: int = 0, masks: Masks | None = None, into: dict[Part, Any] | None = None, **fields: Any) -> Tuned:
    """The adapter of the first part, in fresh networks."""
    return inject(into or networks(), settings(**fields), seed, masks or Masks())[0]


def forward(unet: nn.Module, rows: int = 2) -> Tensor:
    """What a UNet predicts for latents that are the same each time; row n does not depend on how many there are."""
    generator = torch.Generator().manual_seed(1)
    dtype = next(unet.parameters()).dtype
    latents = torch.randn(4, unet.config.in_channels, 8, 8, generator=generator)[:rows].to(dtype)
    text = torch.randn(4, 7, unet.config.cross_attention_dim, generator=generator)[:rows].to(dtype)
    return unet(latents, torch.tensor([500, 20, 900, 300][:rows]), text).sample


def encode(text_encoder: nn.Module) -> Tensor:
    return text_encoder(torch.arange(14).reshape(2, 7)).last_hidden_state


def train(adapter: Tuned, amount: float = 0.05) -> Tuned:
    """Change every trained number, as training does."""
    generator = torch.Generator().manual_seed(2)
    for parameter in adapter.parameters.values():
        parameter.data += amount * torch.randn(parameter.shape, generator=generator)
    return adapter
