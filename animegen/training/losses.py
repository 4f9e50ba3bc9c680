"""The losses of autoencoders and classifiers, each a function of tensors; objectives.py has those of diffusion."""

import torch
from torch import Tensor
from torch.nn import functional


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
