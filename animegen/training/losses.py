"""The losses of diffusion models and of what stands around them, each a function of tensors."""

import torch
from torch import Tensor
from torch.nn import functional

GAMMA = 5.0
"""Of min-SNR weighting; the paper's choice."""


def signal_to_noise(alphas_cumprod: Tensor, timesteps: Tensor) -> Tensor:
    """Return the signal-to-noise ratio of each timestep."""
    alpha = alphas_cumprod[timesteps]
    return alpha / (1 - alpha)


def add_noise(latents: Tensor, noise: Tensor, alphas_cumprod: Tensor, timesteps: Tensor) -> Tensor:
    """Return the latents ``(N, C, H, W)`` as they are at the timesteps (Ho et al. 2020, equation 4)."""
    alpha = alphas_cumprod[timesteps].view(-1, 1, 1, 1)
    return alpha.sqrt() * latents + (1 - alpha).sqrt() * noise


def velocity(latents: Tensor, noise: Tensor, alphas_cumprod: Tensor, timesteps: Tensor) -> Tensor:
    """Return the target of v-prediction (Salimans and Ho 2022, section 4)."""
    alpha = alphas_cumprod[timesteps].view(-1, 1, 1, 1)
    return alpha.sqrt() * noise - (1 - alpha).sqrt() * latents


def velocity_loss(predicted: Tensor, target: Tensor, snr: Tensor, importance: Tensor) -> Tensor:
    """Return the v-prediction error of latents ``(N, C, H, W)``, weighted by min-SNR (Hang et al. 2023).

    ``importance`` ``(1, 1, H, W)`` says how much each place counts against the others.

    The weight is min(SNR + 1, gamma) / (SNR + 1): the paper's min(SNR, gamma) on the noisy end would fade out
    exactly the steps in which a picture's colours are decided.
    """
    weight = (snr + 1).clamp(max=GAMMA) / (snr + 1)
    error = (importance * (predicted - target).square()).mean(dim=(1, 2, 3))
    return (weight * error).mean() / importance.mean()


def reconstruction_loss(decoded: Tensor, pictures: Tensor, weight: Tensor) -> Tensor:
    """Return the mean of absolute and squared error, each pixel weighted.

    The absolute error keeps edges crisp where the squared one alone would blur them; pictures in [-1, 1],
    ``weight`` broadcasts to ``(N, 1, H, W)``.
    """
    error = decoded - pictures
    return ((error.abs() + error.square()) * weight).mean() / weight.mean()


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the divergence of a diagonal Gaussian from the unit one, in nats a dimension (Kingma and Welling 2013)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()


def masked_cross_entropy(logits: dict[str, Tensor], targets: dict[str, Tensor]) -> Tensor:
    """Return the cross-entropy summed over attributes; a target of -1 (hidden, not stated) does not count."""
    losses = [
        functional.cross_entropy(logits[name], target, ignore_index=-1, reduction="sum") / max(1, len(target))
        for name, target in targets.items()
    ]
    return torch.stack(losses).sum()
