"""The objective of a diffusion model: noisy latents, the target that the network predicts, and each step's weight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import torch
from torch import Tensor

GAMMA: Final = 5.0
"""Of min-SNR weighting (Hang et al. 2023, 2303.09556); the paper's choice."""
Prediction = Literal["epsilon", "v_prediction"]
"""What a network predicts, as a diffusers scheduler's ``prediction_type`` names it."""
Weighting = Literal["uniform", "min_snr", "min_snr_velocity", "debiased"]
"""How much the error at a timestep counts; ``Objective.weights`` has the formulas."""
Predict = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Returns a network's prediction from noisy latents, timesteps and text embeddings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Clean scaled ``latents`` (N, C, H, W) with ``noise`` like them, ``timesteps`` (N,), ``embeddings`` (N, L, W)."""

    latents: Tensor
    noise: Tensor
    timesteps: Tensor
    embeddings: Tensor


@dataclass(frozen=True, kw_only=True, slots=True)
class Objective:
    """What a network is trained to predict, under the noise levels ``alphas_cumprod`` (T,) of a scheduler."""

    alphas_cumprod: Tensor
    prediction: Prediction
    gamma: float = GAMMA
    weighting: Weighting = "min_snr_velocity"

    def loss(self, predict: Predict, batch: Batch, importance: Tensor | None = None) -> Tensor:
        """Return the weighted mean squared error of a batch.

        ``importance`` ``(1, 1, H, W)`` weights each place against the others; None weights all alike.
        """
        error = self.errors(predict, batch)
        if importance is not None:
            error = importance * error
        loss = (self.weights(batch.timesteps) * error.mean(dim=(1, 2, 3))).mean()
        return loss if importance is None else loss / importance.mean()

    def losses(self, predict: Predict, batch: Batch, mask: Tensor | None = None) -> Tensor:
        """Return the weighted mean squared error of each sample, ``(N,)``.

        ``mask`` ``(N, 1, H, W)`` in [0, 1] says which places of each sample count; None counts all.
        """
        error = self.errors(predict, batch)
        means = error.mean(dim=(1, 2, 3)) if mask is None else _masked_means(error, mask)
        return self.weights(batch.timesteps) * means

    def errors(self, predict: Predict, batch: Batch) -> Tensor:
        """Return the squared error of a batch in float32, in the shape of its latents."""
        predicted = predict(self.noisy(batch), batch.timesteps, batch.embeddings)
        return (predicted.float() - self.target(batch)).square()

    def noisy(self, batch: Batch) -> Tensor:
        """Return the latents as they are at the timesteps (Ho et al. 2020, 2006.11239, equation 4)."""
        alpha = self._alphas(batch)
        return alpha.sqrt() * batch.latents + (1 - alpha).sqrt() * batch.noise

    def target(self, batch: Batch) -> Tensor:
        """Return what is to be predicted: the noise, or the velocity (Salimans and Ho 2022, 2202.00512, section 4)."""
        if self.prediction == "epsilon":
            return batch.noise
        alpha = self._alphas(batch)
        return alpha.sqrt() * batch.noise - (1 - alpha).sqrt() * batch.latents

    def weights(self, timesteps: Tensor) -> Tensor:
        """Return the weight of each timestep, ``(N,)``.

        min_snr: min(SNR, gamma) / SNR for epsilon, min(SNR, gamma) / (SNR + 1) for v (Hang et al. 2023, section 3.4).
        debiased: 1 / sqrt(SNR), at most 1000 of it, and 1 / sqrt(SNR + 1) (Yu et al. 2023, 2310.08442, equation 9).
        min_snr_velocity: min(SNR + 1, gamma) / (SNR + 1) for v. The paper's numerator is 0 at a terminal SNR of 0
        (Lin et al. 2023, 2305.08891): the step that decides a picture's colours would never be learned. For epsilon
        it is min_snr.
        """
        snr = signal_to_noise(self.alphas_cumprod, timesteps)
        if self.weighting == "uniform":
            return torch.ones_like(snr)
        if self.prediction == "epsilon":
            return (self.gamma / snr).clamp(max=1) if self.weighting != "debiased" else snr.clamp(max=1000).rsqrt()
        if self.weighting == "debiased":
            return (snr + 1).rsqrt()
        capped = snr.clamp(max=self.gamma) if self.weighting == "min_snr" else (snr + 1).clamp(max=self.gamma)
        return capped / (snr + 1)

    def _alphas(self, batch: Batch) -> Tensor:
        return self.alphas_cumprod[batch.timesteps].view(-1, 1, 1, 1)


def signal_to_noise(alphas_cumprod: Tensor, timesteps: Tensor) -> Tensor:
    """Return the signal-to-noise ratio of each timestep."""
    alpha = alphas_cumprod[timesteps]
    return alpha / (1 - alpha)


def _masked_means(error: Tensor, mask: Tensor) -> Tensor:
    """Return the mean error where the mask is, ``(N,)``; a sample that is masked out whole has none."""
    area = mask.sum(dim=(1, 2, 3)) * error.shape[1]
    return (error * mask).sum(dim=(1, 2, 3)) / area.clamp(min=1)


def draw_timesteps(count: int, steps: int, generator: torch.Generator) -> Tensor:
    """Return ``count`` timesteps below ``steps``, one from each equal part: less noise in the loss than free draws."""
    place = torch.rand(count, generator=generator, device=generator.device)
    return ((torch.arange(count, device=generator.device) + place) * steps / count).long()
