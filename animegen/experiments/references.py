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


def filled(asked: Question, fill: str) -> Character:
    """Return a character that a question allows: what its prompt states is kept, all else is of another character.

    The same ``fill`` gives the same character. It wears as many accessories that the prompt is silent about as the
    question's own character does; a mark that nobody asked for stays as it is there.
    """
    rng = random.Random(f"{fill} {asked.seed}")
    other, own = sample(rng), asked.character
    kept = (asked.stated | {"marks"}) & set(VOCABULARY)
    change: dict[str, Any] = {name: getattr(own, name) for name in sorted(kept)}
    if "emotion" in asked.stated:
        change["strength"] = own.strength
    worn = asked.stated & own.accessories
    for _ in own.accessories - asked.stated:
        taken = worn | asked.stated | (ON_HEAD if worn & ON_HEAD else set())
        worn |= {rng.choice([name for name in ACCESSORIES if name not in taken])}
    change["accessories"] = frozenset(worn)
    return replace(other, **change)


@torch.inference_mode()
def through(studio: Studio, images: Sequence[Image.Image]) -> torch.Tensor:
    """Return pictures of one size after the model's autoencoder, ``(N, 3, H, W)`` in bytes."""
    vae, found = studio.parts.vae, []
    for first in range(0, len(images), 8):
        pictures = tensor(images[first : first + 8]).to(vae.device, vae.dtype)
        decoded = vae.decode(vae.encode(pictures).latent_dist.mode()).sample.float().cpu().clamp(-1, 1)
        found.append(((decoded + 1) * 127.5).round().to(torch.uint8))
    return torch.cat(found)
