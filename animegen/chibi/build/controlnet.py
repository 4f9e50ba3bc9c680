"""Training chibi's ControlNet: edges of renders as people draw them, beside their captions; the UNet stays as it is.

Zhang et al. 2023, "Adding Conditional Control to Text-to-Image Diffusion Models": a copy of the UNet's first half
that begins by adding nothing, and learns what to add.
"""

from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import Final

import numpy as np
import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from animegen.chibi.build import diffusion
from animegen.chibi.build.networks import FACTOR
from animegen.chibi.build.renders import Renders
from animegen.chibi.build.roughness import rough_map
from animegen.training.loop import Progress
from animegen.training.recipe import Recipe

EYES: Final = tuple(16 * 2**halving for halving in range(int(log2(FACTOR)) + 1))
"""Channels of the convolutions that bring a map down to the latents' size: one more for each halving."""


def untrained(unet: UNet2DConditionModel) -> ControlNetModel:
    """Return a ControlNet that is a copy of the UNet's first half and adds nothing yet."""
    return ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=EYES)


def train(
    controlnet: ControlNetModel,
    unet: UNet2DConditionModel,
    reader: tuple[CLIPTokenizer, CLIPTextModel],
    renders: Renders,
    latents: Tensor,
    recipe: Recipe,
    folder: Path,
) -> Iterator[Progress]:
    """Train the ControlNet on ``renders`` and their scaled ``latents`` (N, C, H, W); it ends with its average."""
    unet.requires_grad_(False)
    diffusion.quicken(unet)
    if recipe.compiled:
        unet.compile()

    def predict(noisy: Tensor, times: Tensor, words: Tensor, chosen: Tensor, generator: torch.Generator) -> Tensor:
        edges = maps(renders.pictures(chosen), generator).to(noisy.device)
        down, middle = controlnet(noisy, times, words, edges, return_dict=False)
        added = {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}
        return unet(noisy, times, words, **added).sample

    yield from diffusion.train(controlnet, reader, renders.characters, latents, recipe, folder, predict)


def maps(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Return a rough edge map of each picture: ``(N, 3, H, W)`` in [-1, 1] to the same shape of 0 and 1."""
    rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
    colours = ((pictures + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
    lines = np.stack([rough_map(picture, rng) for picture in colours])
    return torch.from_numpy(lines).float().div(255)[:, None].expand(-1, 3, -1, -1)
