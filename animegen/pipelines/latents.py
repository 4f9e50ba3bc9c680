"""Pictures to latents and back, and the way between two latents.

A picture is 8-bit RGB, and the autoencoder sees it in [-1, 1]. Its latent is the *mean* of what the encoder says (no
sample is drawn, so the same picture always has the same latent) times the autoencoder's own ``scaling_factor``,
which brings it to about unit variance: the range in which the network adds and removes noise (Rombach et al. 2022,
section G). The autoencoder is not lossless: decoding what was encoded gives a picture close to the first, not equal.
"""

from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from animegen.errors import DrawingFailed
from animegen.models.loading import Parts

PARALLEL = 0.9995
"""Latents whose cosine is larger lie so close that a straight line is the exacter way."""


@torch.inference_mode()
def encode(parts: Parts, image: Image.Image) -> Tensor:
    """Return the latent [1, channels, height, width] of a picture in float32, scaled as the network sees it.

    Both sides of the picture are multiples of ``parts.latent_scale``; other modes than RGB are converted.
    Raises DrawingFailed when what the encoder says is not numbers.
    """
    pixels = torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1)[None]
    seen = (pixels.float() / 127.5 - 1).to(parts.placement.device)
    latent = _careful(parts, lambda dtype: parts.vae.encode(seen.to(dtype)).latent_dist.mode())
    if not latent.isfinite().all():
        raise DrawingFailed("pipelines.encoder_nan")
    return latent * parts.vae.config.scaling_factor


@torch.inference_mode()
def decode(parts: Parts, latents: Tensor) -> list[Image.Image]:
    """Return the pictures of latents [count, channels, height, width], from one call of the decoder.

    What the decoder cannot express in half precision is decoded once more in float32.
    Raises DrawingFailed when the latents or the decoded pictures are not numbers.
    """
    if not latents.isfinite().all():
        raise DrawingFailed("pipelines.latents_nan")
    seen = latents / parts.vae.config.scaling_factor
    pixels = _careful(parts, lambda dtype: parts.vae.decode(seen.to(dtype), return_dict=False)[0])
    if not pixels.isfinite().all():
        raise DrawingFailed("pipelines.decoder_nan")
    return pictures(pixels)


def pictures(pixels: Tensor) -> list[Image.Image]:
    """Return colours [count, 3, height, width] in [-1, 1] as pictures of 8 bits."""
    grey = (pixels.float() / 2 + 0.5).clamp(0, 1).mul(255).round().to(torch.uint8)
    return [Image.fromarray(picture) for picture in grey.permute(0, 2, 3, 1).contiguous().cpu().numpy()]


def slerp(one: Tensor, other: Tensor, position: float) -> Tensor:
    """Return the latent at ``position`` (0 is ``one``, 1 is ``other``) on the arc between two latents of one shape.

    On the arc the length goes evenly from one's to the other's, where a straight line would pass through shorter
    latents, which decode to flatter pictures (Shoemake 1985). Each of a batch [count, ...] goes its own way.
    """
    first, last = one.flatten(1), other.flatten(1)
    lengths = first.norm(dim=1, keepdim=True), last.norm(dim=1, keepdim=True)
    cosine = (first * last).sum(1, keepdim=True) / (lengths[0] * lengths[1]).clamp_min(1e-12)
    angle = torch.acos(cosine.clamp(-1, 1))
    sine = torch.sin(angle).clamp_min(1e-12)
    length = torch.lerp(lengths[0], lengths[1], position)
    turned = torch.sin((1 - position) * angle) / sine * first / lengths[0].clamp_min(1e-12)
    turned = turned + torch.sin(position * angle) / sine * last / lengths[1].clamp_min(1e-12)
    straight = torch.lerp(first, last, position)
    return torch.where(cosine.abs() > PARALLEL, straight, turned * length).view_as(one)


def _careful(parts: Parts, compute: Callable[[torch.dtype], Tensor]) -> Tensor:
    """Return what the autoencoder computes, in float32: once more where half precision could not express it."""
    result = compute(parts.vae.dtype).float()
    if result.isfinite().all() or parts.placement.dtype == torch.float32:
        return result
    parts.vae.to(torch.float32)
    try:
        return compute(torch.float32).float()
    finally:
        parts.vae.to(parts.placement.dtype)
