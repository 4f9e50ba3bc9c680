"""Rough small pictures of latents: by a linear map to colours that is fitted on the autoencoder, or a small decoder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import torch
from diffusers import AutoencoderTiny
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from animegen.models import taesd
from animegen.models.loading import Parts
from animegen.pipelines import latents as autoencoder

FILE = "preview.safetensors"
LONG_SIDE = 128
SEEN: Final = 16
"""How many latents a side the small decoder sees at most; each becomes eight pixels wide."""


class Rough(Protocol):
    """What makes small pictures of latents."""

    def images(self, latents: Tensor) -> tuple[Image.Image, ...]:
        """Return a small picture of each of the latents [count, channels, height, width], as the network sees them."""
        ...


def bounded(latents: Tensor) -> Tensor:
    """Return latents [count, channels, height, width], each scaled down to root mean square 1 where it has more.

    That is what a picture's latents have: the scaling factor of an autoencoder is chosen so. What guidance predicts in
    the first steps has several times as much, and would show as glaring colours on black.
    """
    size = latents.square().mean((1, 2, 3), keepdim=True).sqrt()
    return latents / size.clamp(min=1)


@dataclass(frozen=True, slots=True)
class PreviewMap:
    """Colour = ``weight`` [3, channels] times latent + ``bias`` [3], in [-1, 1]."""

    weight: Tensor
    bias: Tensor

    def images(self, latents: Tensor, long_side: int = LONG_SIDE) -> tuple[Image.Image, ...]:
        """Return a small picture of each of the latents [count, channels, height, width], as the network sees them."""
        colours = torch.einsum("oc,nchw->nohw", self.weight, bounded(latents.float().cpu())) + self.bias[:, None, None]
        height, width = latents.shape[-2:]
        factor = long_side / max(height, width)
        size = round(width * factor), round(height * factor)
        return tuple(one.resize(size, Image.Resampling.BICUBIC) for one in autoencoder.pictures(colours))


@dataclass(frozen=True, slots=True)
class SmallDecoder:
    """Pictures by a decoder that is small, of latents that were averaged down to few."""

    network: AutoencoderTiny

    @torch.inference_mode()
    def images(self, latents: Tensor) -> tuple[Image.Image, ...]:
        """Return a small picture of each of the latents [count, channels, height, width], as the network sees them."""
        height, width = latents.shape[-2:]
        factor = min(SEEN / max(height, width), 1)
        size = max(round(height * factor), 1), max(round(width * factor), 1)
        few = F.interpolate(bounded(latents.float().cpu()), size, mode="area")  # not every device averages to any size
        seen = (few / self.network.config.scaling_factor).to(self.network.device, self.network.dtype)
        return tuple(autoencoder.pictures(self.network.decode(seen, return_dict=False)[0]))


def of(parts: Parts) -> Rough | None:
    """Return what makes the previews of a model: the map beside its parts, else its small decoder, or nothing."""
    if found := load(parts.folder):
        return found
    network = taesd.load(parts)
    return SmallDecoder(network) if network else None


def fit(latents: Tensor, pictures: Tensor) -> PreviewMap:
    """Return the map that comes closest, by least squares, from latents to the pictures they are of.

    ``latents`` [count, channels, h, w] are scaled as the network sees them; ``pictures`` [count, 3, H, W] in [-1, 1]
    are averaged down to their size.
    """
    height, width = latents.shape[-2:]
    small = F.adaptive_avg_pool2d(pictures.double().cpu(), (height, width))
    inputs = latents.double().cpu().movedim(1, -1).flatten(0, 2)
    ones = torch.ones(len(inputs), 1, dtype=torch.double)
    solution = torch.linalg.lstsq(torch.cat([inputs, ones], 1), small.movedim(1, -1).flatten(0, 2)).solution
    return PreviewMap(solution[:-1].T.float().contiguous(), solution[-1].float().contiguous())


def save(preview: PreviewMap, folder: Path) -> None:
    """Write the map into a model's folder."""
    save_file({"weight": preview.weight, "bias": preview.bias}, folder / FILE)


def load(folder: Path) -> PreviewMap | None:
    """Return the map of a model's folder, or None where nobody fitted one."""
    if not (folder / FILE).is_file():
        return None
    tensors = load_file(folder / FILE)
    return PreviewMap(tensors["weight"], tensors["bias"])
