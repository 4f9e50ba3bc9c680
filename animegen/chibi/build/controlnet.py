"""Training chibi's ControlNet: edges of renders as people draw them, beside their captions; the UNet stays as it is.

Zhang et al. 2023, "Adding Conditional Control to Text-to-Image Diffusion Models": a copy of the UNet's first half
that begins by adding nothing, and learns what to add.
"""

from math import log2
from pathlib import Path
from typing import Final

import numpy as np
import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from numpy.typing import NDArray
from torch import Tensor
from transformers import CLIPTextModel

from animegen.chibi.build import diffusion
from animegen.chibi.build.networks import FACTOR
from animegen.chibi.build.renders import Renders, spread
from animegen.chibi.build.roughness import rough_map
from animegen.training.loop import Training
from animegen.training.recipe import Recipe

EYES: Final = tuple(16 * 2**halving for halving in range(int(log2(FACTOR)) + 1))
"""Channels of the convolutions that bring a map down to the latents' size: one more for each halving."""


def untrained(unet: UNet2DConditionModel) -> ControlNetModel:
    """Return a ControlNet that is a copy of the UNet's first half and adds nothing yet."""
    return ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=EYES)


def train(
    controlnet: ControlNetModel,
    unet: UNet2DConditionModel,
    encoder: CLIPTextModel,
    captions: Tensor,
    latents: Tensor,
    maps: Tensor,
    recipe: Recipe,
    folder: Path,
) -> Training:
    """Train the ControlNet on scaled ``latents`` (N, C, H, W) and packed edge ``maps`` of their pictures.

    It ends with its average; ``captions`` are as `diffusion.train` takes them.
    """
    unet.requires_grad_(False)
    diffusion.quicken(unet)
    if recipe.compiled:
        unet.compile()
    maps = maps.to(unet.device)

    def predict(noisy: Tensor, times: Tensor, words: Tensor, chosen: Tensor) -> Tensor:
        down, middle = controlnet(noisy, times, words, unpack(maps[chosen]), return_dict=False)
        added = {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}
        return unet(noisy, times, words, **added).sample

    yield from diffusion.train(controlnet, encoder, captions, latents, recipe, folder, predict)


def edge_maps(renders: Renders) -> Tensor:
    """Return a rough edge map of each picture, eight pixels a byte: ``(N, H, W / 8)``; by all cores."""
    parts = [(path, number) for number, path in enumerate(renders.shards)]
    return torch.from_numpy(np.concatenate(list(spread(_edge_maps, parts))))


def unpack(maps: Tensor) -> Tensor:
    """Return packed edge maps ``(N, H, W / 8)`` as ``(N, 3, H, W)`` of 0 and 1."""
    bits = 2 ** torch.arange(7, -1, -1, device=maps.device, dtype=torch.uint8)
    return ((maps[..., None] & bits) > 0).flatten(-2).float()[:, None].expand(-1, 3, -1, -1)


def _edge_maps(path: Path, seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    return np.packbits(np.stack([rough_map(picture, rng) for picture in np.load(path)]) > 0, axis=-1)
