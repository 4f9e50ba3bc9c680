"""Training chibi's UNet on latents that were computed once, with captions written anew each time."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTokenizer

from animegen.chibi.build.autoencoder import bump, face_weight
from animegen.chibi.build.networks import scheduler
from animegen.chibi.build.texts import captions, tokens
from animegen.chibi.character import Character
from animegen.training.loop import Run, Training
from animegen.training.losses import add_noise, signal_to_noise, velocity, velocity_loss
from animegen.training.recipe import Recipe

EYES: Final = ((0.375, 0.543), (0.625, 0.543))
"""Centres across and down of a character's eyes, in sides of a picture; they stray less than EYE_SPREAD from there."""
EYE_SPREAD: Final = 0.078
EYE_WEIGHT: Final = 6.0
"""How much more the middle of an eye counts: irises are a hundredth of a picture, and what is asked for most."""
CAPTION_DROPOUT: Final = 0.1
"""How often a caption is empty, so that guidance has something to lead away from (Ho and Salimans 2022)."""
CAPTIONS_SEED: Final = 7
COPIES: Final = 8
"""Captions of a character, one of which is drawn each time that it is learnt from."""
Predict = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""Returns what a UNet predicts of noisy latents, timesteps and states of words; then come the characters' numbers."""


def train(
    network: UNet2DConditionModel | ControlNetModel,
    encoder: CLIPTextModel,
    captions: Tensor,
    latents: Tensor,
    recipe: Recipe,
    folder: Path,
    predict: Predict | None = None,
) -> Training:
    """Train a network on scaled ``latents`` (N, C, H, W) and ``captions`` (1 + N, COPIES, 77): tokens, first the empty.

    It yields progress and ends with its average. The network is a UNet, or one that ``predict`` has a UNet predict
    with. The text encoder is frozen: it has learnt to read before. Faces weigh more: they are what is looked at first.
    """
    device = network.device
    quicken(network)
    alphas = scheduler().alphas_cumprod.to(device)
    height, width = latents.shape[-2:]
    importance = functional.adaptive_avg_pool2d(face_weight() + eye_weight(), (height, width)).to(device)
    captions, latents = captions.to(device), latents.to(device)

    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        chosen = torch.randint(len(latents), (recipe.batch_size,), generator=generator, device=device)
        clean = latents[chosen].float()
        noise = torch.randn(clean.shape, generator=generator, device=device)
        timesteps = spread(recipe.batch_size, len(alphas), generator)
        noisy = add_noise(clean, noise, alphas, timesteps)
        states = encode(encoder, captions[pick(chosen, generator)])
        if predict is None:
            predicted = network(noisy, timesteps, states).sample
        else:
            predicted = predict(noisy, timesteps, states, chosen)
        target = velocity(clean, noise, alphas, timesteps)
        return {"loss": velocity_loss(predicted, target, signal_to_noise(alphas, timesteps), importance)}

    run = Run(network, recipe, folder)
    yield from run.train(loss)
    run.use_averaged()


def eye_weight() -> Tensor:
    """Return ``(1, 1, SIZE, SIZE)`` weights: EYE_WEIGHT in the middle of each eye, 0 far from both."""
    left, right = (bump(across, down, EYE_SPREAD) for across, down in EYES)
    return EYE_WEIGHT * (left + right)


def quicken(network: UNet2DConditionModel | ControlNetModel) -> None:
    """Take torch's fused attention out on a processor, where it is slower backwards than its parts."""
    if network.device.type == "cpu":
        network.set_attn_processor(AttnProcessor())


def spread(count: int, steps: int, generator: torch.Generator) -> Tensor:
    """Return ``count`` timesteps, one from each equal part of the range: less noise in the loss than free draws."""
    place = torch.rand(count, generator=generator, device=generator.device)
    return ((torch.arange(count, device=generator.device) + place) * steps / count).long()


def pick(chosen: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return which caption to take, a row and a copy each: some are the empty one of row 0."""
    device = generator.device
    copies = torch.randint(COPIES, chosen.shape, generator=generator, device=device)
    dropped = torch.rand(chosen.shape, generator=generator, device=device) < CAPTION_DROPOUT
    return torch.where(dropped, 0, chosen + 1), copies


def written(reader: CLIPTokenizer, people: list[Character]) -> Tensor:
    """Return the captions to train with, ``(1 + N, COPIES, 77)``: the empty one, then those of each character."""
    empty = torch.from_numpy(tokens(reader, [""])).expand(1, COPIES, -1)
    return torch.cat([empty, captions(reader, people, COPIES, CAPTIONS_SEED)])


@torch.no_grad()
def encode(encoder: CLIPTextModel, numbers: Tensor) -> Tensor:
    """Return the text encoder's states ``(N, 77, width)`` of tokens ``(N, 77)``."""
    return encoder(numbers.long()).last_hidden_state
