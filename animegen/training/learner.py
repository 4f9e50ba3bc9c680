"""The losses of a batch: what a UNet with its adapter predicts of noisy latents under their captions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from animegen.datasets.plan import Batch, Use
from animegen.models.loading import Parts
from animegen.training import chance, objectives
from animegen.training.captions import CaptionEncoder
from animegen.training.dropout import Masks
from animegen.training.latents import Cache, Encoded
from animegen.training.objectives import Objective

VALIDATION_TIMESTEPS: Final = 4
"""Timesteps at which a validation picture is tried, the middles of as many equal parts of the range."""


@dataclass(frozen=True, kw_only=True)
class Learner:
    """What turns a batch into losses: the model's ``parts`` with adapters, its pictures as ``latents``.

    All that it draws is a function of ``seed``, epoch and the number of a use. ``prior_weight`` is that of
    regularisation pictures.
    """

    parts: Parts
    latents: Cache
    captions: CaptionEncoder
    objective: Objective
    masks: Masks
    seed: int
    prior_weight: float

    def losses(self, chunks: Sequence[Batch], epoch: int, total: int) -> Iterator[dict[str, Tensor]]:
        """Yield the losses of chunks of a batch of ``total`` uses: they sum up to the mean over the whole batch."""
        for chunk in chunks:
            with self.masks.samples([chance.seed_of(self.seed, epoch, use.number, "dropout") for use in chunk]):
                yield {"loss": self._loss(chunk, epoch) / total}

    def validation_loss(self, uses: Sequence[Use]) -> float:
        """Return the mean squared error over pictures at fixed timesteps under fixed noise ("stable loss").

        No weighting, no dropout, no chance: two epochs, and two runs on one base, can be compared.
        """
        errors = [self._error(use, step) for use in uses for step in range(VALIDATION_TIMESTEPS)]
        return float(torch.stack(errors).mean())

    def _loss(self, chunk: Batch, epoch: int) -> Tensor:
        found = [self.latents[use.sample, use.flipped] for use in chunk]
        drawn = [self._draw(each, epoch, use.number) for each, use in zip(found, chunk, strict=True)]
        latents, noise, timesteps = (torch.stack(each).to(self._device) for each in zip(*drawn, strict=True))
        batch = objectives.Batch(
            latents=latents, noise=noise, timesteps=timesteps,
            embeddings=self.captions.encode([use.caption for use in chunk]),
        )  # fmt: skip
        weights = [self.prior_weight if use.sample.regularization else 1.0 for use in chunk]
        losses = self.objective.losses(self._predict, batch, self._mask(found))
        return (losses * torch.tensor(weights, device=self._device)).sum()

    def _draw(self, encoded: Encoded, epoch: int, number: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return a latent, its noise and its timestep, drawn for one use."""
        generator = chance.generator(self.seed, epoch, number, "noise")
        timestep = torch.randint(len(self.objective.alphas_cumprod), (), generator=generator)
        return encoded.draw(generator), torch.randn(encoded.mean.shape, generator=generator), timestep

    def _mask(self, found: Sequence[Encoded]) -> Tensor | None:
        if all(each.mask is None for each in found):
            return None
        masks = [torch.ones_like(each.mean[:1]) if each.mask is None else each.mask for each in found]
        return torch.stack(masks).to(self._device)

    @torch.no_grad()
    def _error(self, use: Use, step: int) -> Tensor:
        encoded, steps = self.latents[use.sample, use.flipped], len(self.objective.alphas_cumprod)
        generator = chance.generator(use.number, step, "validation")
        batch = objectives.Batch(
            latents=encoded.mean[None].to(self._device),
            noise=torch.randn(encoded.mean.shape, generator=generator)[None].to(self._device),
            timesteps=torch.tensor([int((step + 0.5) * steps / VALIDATION_TIMESTEPS)], device=self._device),
            embeddings=self.captions.encode([use.caption]),
        )
        return self.objective.errors(self._predict, batch).mean()

    def _predict(self, noisy: Tensor, timesteps: Tensor, embeddings: Tensor) -> Tensor:
        predicted: Tensor = self.parts.unet(noisy.to(self.parts.unet.dtype), timesteps, embeddings).sample
        return predicted

    @property
    def _device(self) -> torch.device:
        return self.parts.unet.device
