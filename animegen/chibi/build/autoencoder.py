"""Training chibi's autoencoder on crops of renders, with more weight on faces, and measuring it."""

from pathlib import Path
from typing import Final

import torch
from diffusers import AutoencoderKL
from torch import Tensor
from torch.nn import functional

from animegen.chibi.build.judge import accuracy
from animegen.chibi.build.networks import FACTOR, LATENT_CHANNELS, SIZE
from animegen.chibi.build.renders import Renders
from animegen.chibi.judge import Judge
from animegen.models.device import hardware
from animegen.training.loop import Run, Training
from animegen.training.losses import kl_divergence, reconstruction_loss
from animegen.training.recipe import Recipe

CROP: Final = SIZE // 2
"""Side of a training crop: the network is convolutional, and four crops say more than one whole picture."""
NOISE: Final = (CROP // FACTOR, CROP // FACTOR)
KL_WEIGHT: Final = 1e-4
FACE: Final = (0.5, 0.54, 0.18)
"""Centre across and down and the spread, in sides of a picture, of what matters most: eyes and mouth."""
FACE_WEIGHT: Final = 2.0


def train(vae: AutoencoderKL, renders: Renders, recipe: Recipe, folder: Path) -> Training:
    """Train the autoencoder, yielding progress; it ends with its averaged weights."""
    importance = face_weight().to(vae.device)

    def autoencode(pictures: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        posterior = vae.encode(pictures).latent_dist
        return vae.decode(posterior.mean + posterior.std * noise).sample, posterior.mean, posterior.logvar

    if recipe.compiled:
        autoencode = torch.compile(autoencode, dynamic=False)

    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        chosen = torch.randint(len(renders), (recipe.batch_size,), generator=generator, device=generator.device)
        pictures, weight = crop(renders.pictures(chosen), importance, generator)
        noise = torch.randn(len(pictures), LATENT_CHANNELS, *NOISE, generator=generator, device=generator.device)
        decoded, mean, log_variance = autoencode(pictures, noise)
        parts = {
            "reconstruction": reconstruction_loss(decoded, pictures, weight),
            "kl": kl_divergence(mean, log_variance),
        }
        return parts | {"loss": parts["reconstruction"] + KL_WEIGHT * parts["kl"]}

    run = Run(vae, recipe, folder)
    yield from run.train(loss)
    run.use_averaged()


def face_weight() -> Tensor:
    """Return ``(1, 1, SIZE, SIZE)`` weights: 1 at the border, 1 + FACE_WEIGHT in the middle of the face."""
    return 1 + FACE_WEIGHT * bump(*FACE)


def bump(across: float, down: float, spread: float) -> Tensor:
    """Return ``(1, 1, SIZE, SIZE)``: a Gaussian of height 1 around a place, all in sides of a picture."""
    place = (torch.arange(SIZE) + 0.5) / SIZE
    column, row = ((-(((place - centre) / spread) ** 2)).exp() for centre in (down, across))
    return torch.outer(column, row).view(1, 1, SIZE, SIZE)


def crop(pictures: Tensor, weight: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return one crop of CROP pixels of all pictures, on the latents' grid, and its weights."""
    places = torch.randint((SIZE - CROP) // FACTOR + 1, (2,), generator=generator, device=generator.device)
    top, left = (FACTOR * places).tolist()
    window = (..., slice(top, top + CROP), slice(left, left + CROP))
    return pictures[window], weight[window]


@torch.inference_mode()
def reconstruct(vae: AutoencoderKL, pictures: Tensor) -> Tensor:
    """Return the pictures encoded (mean of the posterior) and decoded, in [-1, 1]."""
    return vae.decode(vae.encode(pictures).latent_dist.mode()).sample.clamp(-1, 1)


def psnr(vae: AutoencoderKL, renders: Renders) -> Tensor:
    """Return the peak signal-to-noise ratio of each render's reconstruction, in dB (peak-to-peak 2)."""
    ratios = []
    for indices in renders.batches(50):
        pictures = renders.pictures(indices)
        error = (reconstruct(vae, pictures) - pictures).square().mean(dim=(1, 2, 3))
        ratios.append(10 * torch.log10(4 / error))
    return torch.cat(ratios)


@torch.inference_mode()
def latents(vae: AutoencoderKL, renders: Renders, side: int = SIZE) -> Tensor:
    """Return the posterior means of all renders reduced to ``side`` pixels, in half precision, not yet scaled.

    Their shape is ``(N, C, side / FACTOR, side / FACTOR)``. bfloat16 is enough for them, and twice as fast
    where it is computed and not emulated.
    """
    pictures = (functional.adaptive_avg_pool2d(renders.pictures(i), side) for i in renders.batches(50))
    quick = vae.device.type != "cpu" or hardware().cpu_bfloat16
    with torch.autocast(vae.device.type, torch.bfloat16, enabled=quick):
        means = [vae.encode(some).latent_dist.mode().half() for some in pictures]
    return torch.cat(means)


def reconstructed_accuracy(vae: AutoencoderKL, judge: Judge, renders: Renders) -> dict[str, float]:
    """Return the judge's share of right answers, an attribute each, on the renders' reconstructions."""
    return accuracy(judge, renders, through=lambda pictures: reconstruct(vae, pictures))
