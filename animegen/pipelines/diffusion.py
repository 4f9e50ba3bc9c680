"""The one loop of every pipeline: noise by seed, where a drawing begins, noise removed step by step."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Generator, Tensor

from animegen.models.loading import Parts
from animegen.pipelines.control import Control


@dataclass(frozen=True, slots=True)
class Conditioning:
    """Embeddings of what to draw, and of what to draw away from where there is guidance.

    Each is [1, length, width], the same for every picture, or [count, length, width], one for each. ``hold`` has the
    last word on the predictions of all pictures, [count, channels, height, width].
    """

    positive: Tensor
    negative: Tensor | None
    guidance_scale: float = 1.0
    hold: Callable[[Tensor], Tensor] = lambda predictions: predictions

    def batch(self, count: int) -> Tensor:
        """Return the embeddings for ``count`` pictures: the negative half first where there is guidance."""
        halves = (self.positive,) if self.negative is None else (self.negative, self.positive)
        return torch.cat([half.expand(count, -1, -1) for half in halves])

    def guide(self, prediction: Tensor) -> Tensor:
        """Return the prediction for each picture from those of both halves (Ho and Salimans 2022, equation 6)."""
        if self.negative is None:
            return self.hold(prediction)
        away, towards = prediction.chunk(2)
        return self.hold(away + self.guidance_scale * (towards - away))


class Step(NamedTuple):
    """The latents after a step, and what the sampler takes for the finished ones, both [count, channels, ...]."""

    latents: Tensor
    clean: Tensor


def generators(seeds: Iterable[int]) -> list[Generator]:
    """Return a CPU generator for each picture's seed: the same noise on every device."""
    return [Generator("cpu").manual_seed(seed) for seed in seeds]


def noise(parts: Parts, width: int, height: int, sources: Sequence[Generator]) -> Tensor:
    """Return standard normal latents [count, channels, height, width], a picture's from its own generator."""
    scale = parts.latent_scale
    shape = (1, parts.unet.config.in_channels, height // scale, width // scale)
    drawn = torch.cat([torch.randn(shape, generator=source) for source in sources])
    return drawn.to(parts.placement.device)


def begin(scheduler: Any, noise: Tensor, picture: Tensor | None = None, begin: int = 0) -> Tensor:
    """Return the latents that step ``begin`` of ``scheduler`` starts from, one for each of ``noise``.

    Step 0 starts from noise alone; a later one from the latent [1, channels, height, width] of a picture under as
    much noise as that step expects (Meng et al. 2021, SDEdit).
    """
    if picture is None or begin == 0:
        started: Tensor = noise * scheduler.init_noise_sigma
        return started
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)
    times = scheduler.timesteps[begin].expand(len(noise))
    noised: Tensor = scheduler.add_noise(picture.expand_as(noise), noise, times)
    return noised


@torch.inference_mode()
def denoise(
    parts: Parts,
    scheduler: Any,
    conditioning: Conditioning,
    latents: Tensor,
    sources: Sequence[Generator],
    steps: slice = slice(None),
    control: Control | None = None,
) -> Iterator[Step]:
    """Yield where each of ``steps`` of ``scheduler`` leads; after its last the latents are ready for the decoder.

    ``latents`` are what ``begin`` gives, or what an earlier call left off with. They stay in float32 whatever the
    network computes in; with guidance both halves go through it in one call. ``control`` adds to what the network
    predicts in the steps where it acts, and is not computed in the others.
    """
    words = conditioning.batch(len(latents))
    halves = 1 if conditioning.negative is None else 2
    for step in range(len(scheduler.timesteps))[steps]:
        time = scheduler.timesteps[step]
        seen = scheduler.scale_model_input(torch.cat([latents] * halves), time).to(words.dtype)
        added = control.added(seen, time, words) if control and step in control.steps else {}
        prediction = parts.unet(seen, time, encoder_hidden_states=words, **added, return_dict=False)[0]
        guided = conditioning.guide(prediction.float())
        latents, *rest = scheduler.step(guided, time, latents, generator=list(sources), return_dict=False)
        yield Step(latents, rest[0] if rest else scheduler.model_outputs[-1])  # DPM++ keeps it for its next step
