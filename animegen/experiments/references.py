"""What drawings are compared with: renders of their questions' characters, with what is left open filled anew."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from PIL import Image

from animegen.chibi.character import ACCESSORIES, ON_HEAD, VOCABULARY, Character, sample
from animegen.chibi.judge import tensor
from animegen.experiments.questions import Question
from animegen.studio import Studio


def fill(question: Question, name: str) -> Character:
    """Return a character that a question allows: what its prompt states is kept, all else is of another character.

    The same ``name`` gives the same character. It has as many accessories that the prompt is silent about as the
    question's own character.
    """
    rng = random.Random(f"{name} {question.seed}")
    other, own = sample(rng), question.character
    change: dict[str, Any] = {each: getattr(own, each) for each in sorted(question.stated & set(VOCABULARY))}
    if "emotion" in question.stated:
        change["strength"] = own.strength
    accessories = question.stated & own.accessories
    for _ in own.accessories - question.stated:
        excluded = accessories | question.stated | (ON_HEAD if accessories & ON_HEAD else set())
        accessories |= {rng.choice([each for each in ACCESSORIES if each not in excluded])}
    change["accessories"] = frozenset(accessories)
    return replace(other, **change)


@torch.inference_mode()
def reconstruct(studio: Studio, images: Sequence[Image.Image]) -> torch.Tensor:
    """Return pictures of one size after the model's autoencoder, ``(N, 3, H, W)`` in bytes."""
    vae, found = studio.parts.vae, []
    for first in range(0, len(images), 8):
        pictures = tensor(images[first : first + 8]).to(vae.device, vae.dtype)
        decoded = vae.decode(vae.encode(pictures).latent_dist.mode()).sample.float().cpu().clamp(-1, 1)
        found.append(((decoded + 1) * 127.5).round().to(torch.uint8))
    return torch.cat(found)
