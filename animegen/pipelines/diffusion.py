"""The one loop of every pipeline: noise by seed, noise removed step by step, latents decoded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Generator, Tensor

from animegen.errors import DrawingFailed
from animegen.models.loading import Parts


@dataclass(frozen=True, slots=True)
class Conditioning:
    """Embeddings [1, length, width] of what to draw, and of what to draw away from where there is guidance."""

    positive: Tensor
    negative: Tensor | None
    guidance_scale: float = 1.0

    def batch(self, count: int) -> Tensor:
        """Return the embeddings for ``count`` pictures: the negative half first where there is guidance."""
        halves = (self.positive,) if self.negative is None else (self.negative, self.positive)
        return torch.cat([half.expand(count, -1, -1) for half in halves])

    def guide(self, prediction: Tensor) -> Tensor:
        """Return the prediction for each picture from those of both halves (Ho and Salimans 2022, equation 6)."""
        if self.negative is None:
            return prediction
        away, towards = prediction.chunk(2)
        return away + self.guidance_scale * (towards - away)


def generators(seed: int, count: int) -> list[Generator]:
    """Return a CPU generator a picture, seeded ``seed``, ``seed + 1``, ...: the same noise on every device."""
    return [Generator("cpu").manual_seed(seed + index) for index in range(count)]


def noise(parts: Parts, width: int, height: int, sources: Sequence[Generator]) -> Tensor:
    """Return standard normal latents [count, channels, height, width], a picture's from its own generator."""
    scale = parts.latent_scale
    shape = (1, parts.unet.config.in_channels, height // scale, width // scale)
    drawn = torch.cat([torch.randn(shape, generator=source) for source in sources])
    return drawn.to(parts.placement.device)


@torch.inference_mode()
def denoise(
    parts: Parts, scheduler: Any, conditioning: Conditioning, latents: Tensor, sources: Sequence[Generator]
) -> Iterator[Tensor]:
    """Yield the latents after each step of ``scheduler``, the last of them ready for the decoder.

    The latents stay in float32 whatever the network computes in; with guidance both halves go through it in one call.
    """
    latents = latents * scheduler.init_noise_sigma
    words = conditioning.batch(len(latents))
    halves = 1 if conditioning.negative is None else 2
    for time in scheduler.timesteps:
        seen = scheduler.scale_model_input(torch.cat([latents] * halves), time).to(words.dtype)
        prediction = parts.unet(seen, time, encoder_hidden_states=words, return_dict=False)[0]
        guided = conditioning.guide(prediction.float())
        latents = scheduler.step(guided, time, latents, generator=list(sources), return_dict=False)[0]
        yield latents


@torch.inference_mode()
def decode(parts: Parts, latents: Tensor) -> list[Image.Image]:
    """Return the pictures of a batch of latents, from one call of the decoder.

    What the decoder cannot express in half precision is decoded once more in float32.
    Raises DrawingFailed when the latents or the decoded pictures are not numbers.
    """
    if not latents.isfinite().all():
        raise DrawingFailed(
            "The drawing fell apart on its way; try another sampler, more steps or a lower guidance scale."
        )
    pixels = _decode(parts, latents)
    if not pixels.isfinite().all() and parts.placement.dtype != torch.float32:
        parts.vae.to(torch.float32)
        try:
            pixels = _decode(parts, latents)
        finally:
            parts.vae.to(parts.placement.dtype)
    if not pixels.isfinite().all():
        raise DrawingFailed("The decoder made no picture of this drawing; try another seed or a lower guidance scale.")
    return [Image.fromarray(picture) for picture in _bytes(pixels)]


def _decode(parts: Parts, latents: Tensor) -> Tensor:
    scaled = (latents / parts.vae.config.scaling_factor).to(parts.vae.dtype)
    decoded: Tensor = parts.vae.decode(scaled, return_dict=False)[0]
    return decoded.float()


def _bytes(pixels: Tensor) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return [-1, 1] channels-first as 8-bit channels-last."""
    grey = (pixels / 2 + 0.5).clamp(0, 1).mul(255).round().to(torch.uint8)
    return grey.permute(0, 2, 3, 1).contiguous().cpu().numpy()
