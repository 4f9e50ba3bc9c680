"""Rough small pictures of latents, by a linear map from latents to colours that is fitted on the autoencoder."""

from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor

FILE = "preview.safetensors"
LONG_SIDE = 128


@dataclass(frozen=True, slots=True)
class PreviewMap:
    """Colour = ``weight`` [3, channels] times latent + ``bias`` [3], in [-1, 1]."""

    weight: Tensor
    bias: Tensor

    def images(self, latents: Tensor, long_side: int = LONG_SIDE) -> tuple[Image.Image, ...]:
        """Return a small picture of each of the latents [count, channels, height, width], as the network sees them."""
        colours = torch.einsum("oc,nchw->nhwo", self.weight, latents.float().cpu()) + self.bias
        grey = (colours / 2 + 0.5).clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
        height, width = latents.shape[-2:]
        factor = long_side / max(height, width)
        size = round(width * factor), round(height * factor)
        return tuple(Image.fromarray(one).resize(size, Image.Resampling.BICUBIC) for one in grey)


def fit(latents: Tensor, pictures: Tensor) -> PreviewMap:
    """Return the map that comes closest, by least squares, from latents to the pictures they are of.

    ``latents`` [count, channels, h, w] are scaled as the network sees them; ``pictures`` [count, 3, H, W] in [-1, 1]
    are averaged down to their size.
    """
    height, width = latents.shape[-2:]
    small = torch.nn.functional.adaptive_avg_pool2d(pictures.double().cpu(), (height, width))
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
