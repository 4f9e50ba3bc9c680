"""Latents of a run's pictures: encoded once, kept as mean and variance, and drawn anew for each use.

The upstream way, encoding at every step, costs two thirds of a step's time; keeping one sample would take away the
variety that the autoencoder gives.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from animegen.datasets.buckets import bucket
from animegen.datasets.dataset import Sample
from animegen.datasets.pictures import Mask, Pixels, load
from animegen.datasets.recipe import DataRecipe
from animegen.errors import TrainingFailed
from animegen.models.controlnet import weights_hash
from animegen.models.loading import Parts

Picture = tuple[Sample, bool]
"""A sample, and whether it is mirrored."""
Report = Callable[[int, int], None]
"""Takes how many pictures are encoded, and how many there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoded:
    """What is known of one picture: ``mean`` and ``deviation`` (C, H, W) of its latent, scaled as the UNet sees it.

    ``mask`` (1, H, W) says where it counts; None counts all.
    """

    mean: Tensor
    deviation: Tensor
    mask: Tensor | None

    def draw(self, generator: torch.Generator) -> Tensor:
        """Return a latent drawn from its distribution."""
        return self.mean + self.deviation * torch.randn(self.mean.shape, generator=generator)


Cache = Mapping[Picture, Encoded]


def encode(pictures: Iterable[Picture], recipe: DataRecipe, parts: Parts, file: Path, report: Report) -> Cache:
    """Return the latents of pictures; those that ``file`` holds are read, and it is written anew with the others.

    Raises DatasetRefused for a picture that has changed into none, TrainingFailed where the autoencoder answers with
    what is no number.
    """
    maker = weights_hash(parts.folder / "vae")
    wanted = {picture: _key(picture, recipe, maker) for picture in dict.fromkeys(pictures)}
    kept = load_file(file) if file.is_file() else {}
    missing = [picture for picture, key in wanted.items() if f"{key}.mean" not in kept]
    with in_float32(parts.vae):
        for count, picture in enumerate(missing, 1):
            found, key = _encode(picture, recipe, parts.vae), wanted[picture]
            kept |= {f"{key}.mean": found.mean, f"{key}.deviation": found.deviation}
            kept |= {} if found.mask is None else {f"{key}.mask": found.mask}
            report(count, len(missing))
    if missing:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(".part")
        save_file(kept, aside)
        aside.replace(file)
    return {
        picture: Encoded(mean=kept[f"{key}.mean"], deviation=kept[f"{key}.deviation"], mask=kept.get(f"{key}.mask"))
        for picture, key in wanted.items()
    }


def _encode(picture: Picture, recipe: DataRecipe, vae: AutoencoderKL) -> Encoded:
    sample, flipped = picture
    pixels, mask = load(sample, bucket(sample, recipe), recipe, flipped)
    mean, deviation = encode_pixels(vae, pixels)
    if not (mean.isfinite().all() and deviation.isfinite().all()):
        raise TrainingFailed("training.latent_not_finite", file=str(sample.path))
    return Encoded(mean=mean, deviation=deviation, mask=None if mask is None else _reduced(mask, mean))


@torch.no_grad()
def encode_pixels(vae: AutoencoderKL, pixels: Pixels) -> tuple[Tensor, Tensor]:
    """Return mean and deviation (C, H, W) of the latent of RGB pixels, on the CPU, scaled as the UNet sees them."""
    seen = torch.tensor(pixels).permute(2, 0, 1)[None].float() / 127.5 - 1
    found = vae.encode(seen.to(vae.device, vae.dtype)).latent_dist
    mean, deviation = ((each[0] * vae.config.scaling_factor).cpu().contiguous() for each in (found.mean, found.std))
    return mean, deviation


@contextmanager
def in_float32(vae: AutoencoderKL) -> Iterator[None]:
    """Let an autoencoder compute in float32 for a while: half precision could not always express what it finds."""
    dtype = vae.dtype
    if dtype != torch.float32:
        vae.to(torch.float32)
    try:
        yield
    finally:
        if dtype != torch.float32:
            vae.to(dtype)


def _reduced(mask: Mask, latent: Tensor) -> Tensor:
    height, width = latent.shape[-2:]
    return functional.adaptive_avg_pool2d(torch.from_numpy(mask)[None], (height, width))


def _key(picture: Picture, recipe: DataRecipe, maker: str) -> str:
    """Return what changes when the latent does: the file's bytes, how it is fitted, the autoencoder."""
    sample, flipped = picture
    about = (bucket(sample, recipe), flipped, recipe.background, recipe.masked_loss, maker)
    return hashlib.sha256(sample.path.read_bytes() + repr(about).encode()).hexdigest()[:32]
