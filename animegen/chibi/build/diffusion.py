"""Training chibi's UNet on latents that were computed once, with several captions of each character."""

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
from animegen.chibi.build.texts import captions, tokens
from animegen.chibi.character import Character
from animegen.training.loop import Progress, Run
from animegen.training.objectives import Batch, Objective, draw_timesteps
from animegen.training.recipe import Recipe

EYE_CENTRES: Final = ((0.375, 0.543), (0.625, 0.543))
"""Centres across and down of a character's eyes, in sides of a picture; they stray less than EYE_SPREAD from there."""
EYE_SPREAD: Final = 0.078
EYE_WEIGHT: Final = 6.0
"""How much more the middle of an eye counts: irises are a hundredth of a picture, and prompts name them most."""
CAPTION_DROPOUT: Final = 0.1
"""How often a caption is empty, for classifier-free guidance (Ho and Salimans 2022)."""
CAPTIONS_SEED: Final = 7
COPIES: Final = 8
"""Captions of a character, one of which is drawn for each batch that the character is in."""
Predict = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""Returns what a UNet predicts from noisy latents, timesteps, text embeddings, and the characters' numbers."""


def train(
    network: UNet2DConditionModel | ControlNetModel,
    encoder: CLIPTextModel,
    captions: Tensor,
    latents: Tensor,
    recipe: Recipe,
    folder: Path,
    predict: Predict | None = None,
) -> Iterator[Progress]:
    """Train a network on scaled ``latents`` (N, C, H, W) and ``captions`` (1 + N, COPIES, 77): tokens, first the empty.

    It yields progress and ends with the averaged weights. The network is a UNet, or one that ``predict`` has a UNet
    predict with. The text encoder is frozen. Faces weigh more: they are what people look at first.
    """
    device, noise_levels = network.device, scheduler()
    use_plain_attention(network)
    objective = Objective(
        alphas_cumprod=noise_levels.alphas_cumprod.to(device), prediction=noise_levels.config.prediction_type
    )
    height, width = latents.shape[-2:]
    importance = functional.adaptive_avg_pool2d(face_weight() + eye_weight(), (height, width)).to(device)
    captions, latents = captions.to(device), latents.to(device)

    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        chosen = torch.randint(len(latents), (recipe.batch_size,), generator=generator, device=device)
        batch = draw_batch(latents[chosen].float(), chosen, captions, encoder, len(objective.alphas_cumprod), generator)

        def predict_chosen(noisy: Tensor, timesteps: Tensor, embeddings: Tensor) -> Tensor:
            if predict is None:
                return network(noisy, timesteps, embeddings).sample
            return predict(noisy, timesteps, embeddings, chosen)

        return {"loss": objective.loss(predict_chosen, batch, importance)}

    run = Run.open(network, recipe, folder)
    yield from run.train(loss)
    run.use_averaged()


def draw_batch(
    latents: Tensor, chosen: Tensor, captions: Tensor, encoder: CLIPTextModel, steps: int, generator: torch.Generator
) -> Batch:
    """Return clean latents with noise, timesteps below ``steps``, and a caption for each ``chosen`` character."""
    return Batch(
        latents=latents,
        noise=torch.randn(latents.shape, generator=generator, device=latents.device),
        timesteps=draw_timesteps(len(latents), steps, generator),
        embeddings=encode(encoder, captions[pick(chosen, generator)]),
    )


def eye_weight() -> Tensor:
    """Return ``(1, 1, SIZE, SIZE)`` weights: EYE_WEIGHT in the middle of each eye, 0 far from both."""
    left, right = (bump(across, down, EYE_SPREAD) for across, down in EYE_CENTRES)
    return EYE_WEIGHT * (left + right)


def use_plain_attention(network: UNet2DConditionModel | ControlNetModel) -> None:
    """Replace torch's fused attention on a CPU, where its backward pass is slower than that of its parts."""
    if network.device.type == "cpu":
        network.set_attn_processor(AttnProcessor())


def pick(chosen: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return which caption to take, a row and a copy each: some are the empty one of row 0."""
    device = generator.device
    copies = torch.randint(COPIES, chosen.shape, generator=generator, device=device)
    dropped = torch.rand(chosen.shape, generator=generator, device=device) < CAPTION_DROPOUT
    return torch.where(dropped, 0, chosen + 1), copies


def write_captions(reader: CLIPTokenizer, people: list[Character]) -> Tensor:
    """Return captions to train with, ``(1 + N, COPIES, 77)``: the empty one, then those of each character."""
    empty = torch.from_numpy(tokens(reader, [""])).expand(1, COPIES, -1)
    return torch.cat([empty, captions(reader, people, COPIES, CAPTIONS_SEED)])


@torch.no_grad()
def encode(encoder: CLIPTextModel, numbers: Tensor) -> Tensor:
    """Return the text encoder's states ``(N, 77, width)`` of tokens ``(N, 77)``."""
    return encoder(numbers.long()).last_hidden_state
