"""Training chibi's UNet on latents that were computed once, with captions written anew each time."""

import random
from collections.abc import Callable, Iterator
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
from animegen.chibi.captions import caption
from animegen.chibi.character import Character
from animegen.training.loop import Progress, Run
from animegen.training.losses import add_noise, signal_to_noise, velocity, velocity_loss
from animegen.training.recipe import Recipe

EYES: Final = ((96.0, 139.0), (160.0, 139.0))
"""Centres across and down of a character's eyes, in pixels; they stray less than EYE_SPREAD from there."""
EYE_SPREAD: Final = 20.0
EYE_WEIGHT: Final = 6.0
"""How much more the middle of an eye counts: irises are a hundredth of a picture, and what is asked for most."""
CAPTION_DROPOUT: Final = 0.1
"""How often a caption is empty, so that guidance has something to lead away from (Ho and Salimans 2022)."""
Predict = Callable[[Tensor, Tensor, Tensor, Tensor, torch.Generator], Tensor]
"""Returns what a UNet predicts of noisy latents, timesteps and states of words; then come the numbers of the
characters, and what to draw chance from."""


def train(
    network: UNet2DConditionModel | ControlNetModel,
    reader: tuple[CLIPTokenizer, CLIPTextModel],
    people: list[Character],
    latents: Tensor,
    recipe: Recipe,
    folder: Path,
    predict: Predict | None = None,
) -> Iterator[Progress]:
    """Train a network on scaled ``latents`` (N, C, H, W) of ``people``, yielding progress; it ends with its average.

    The network is a UNet, or one that ``predict`` has a UNet predict with. The text encoder is frozen: it has learnt
    to read before. Faces weigh more: they are what is looked at first.
    """
    device = network.device
    quicken(network)
    alphas = scheduler().alphas_cumprod.to(device)
    height, width = latents.shape[-2:]
    importance = functional.adaptive_avg_pool2d(face_weight() + eye_weight(), (height, width)).to(device)

    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        chosen = torch.randint(len(people), (recipe.batch_size,), generator=generator)
        clean = latents[chosen].float().to(device)
        noise = torch.randn(clean.shape, generator=generator).to(device)
        timesteps = spread(recipe.batch_size, len(alphas), generator).to(device)
        noisy = add_noise(clean, noise, alphas, timesteps)
        states = encode(reader, write([people[index] for index in chosen.tolist()], generator))
        if predict is None:
            predicted = network(noisy, timesteps, states).sample
        else:
            predicted = predict(noisy, timesteps, states, chosen, generator)
        target = velocity(clean, noise, alphas, timesteps)
        return {"loss": velocity_loss(predicted, target, signal_to_noise(alphas, timesteps), importance)}

    run = Run(network, recipe, folder)
    yield from run.train(loss)
    run.use_averaged()


def eye_weight() -> Tensor:
    """Return ``(1, 1, 256, 256)`` weights: EYE_WEIGHT in the middle of each eye, 0 far from both."""
    left, right = (bump(across, down, EYE_SPREAD) for across, down in EYES)
    return EYE_WEIGHT * (left + right)


def quicken(network: UNet2DConditionModel | ControlNetModel) -> None:
    """Take torch's fused attention out on a processor, where it is slower backwards than its parts."""
    if network.device.type == "cpu":
        network.set_attn_processor(AttnProcessor())


def spread(count: int, steps: int, generator: torch.Generator) -> Tensor:
    """Return ``count`` timesteps, one from each equal part of the range: less noise in the loss than free draws."""
    return ((torch.arange(count) + torch.rand(count, generator=generator)) * steps / count).long()


def write(people: list[Character], generator: torch.Generator) -> list[str]:
    """Return a fresh caption for each character, some of them empty."""
    rng = random.Random(int(torch.randint(2**62, (1,), generator=generator)))
    return ["" if rng.random() < CAPTION_DROPOUT else caption(character, rng) for character in people]


@torch.no_grad()
def encode(reader: tuple[CLIPTokenizer, CLIPTextModel], texts: list[str]) -> Tensor:
    """Return the text encoder's states ``(N, 77, width)``."""
    tokenizer, encoder = reader
    tokens = tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt").input_ids.to(encoder.device)
    return encoder(tokens).last_hidden_state
