"""Training the judge on renders of its own, shifted and blurred as generated pictures may be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from animegen.chibi.build.renders import Renders
from animegen.chibi.character import labels
from animegen.chibi.judge import ATTRIBUTES, SIDE, Judge
from animegen.training.loop import Run, Training
from animegen.training.losses import masked_cross_entropy
from animegen.training.recipe import Recipe

SHIFT: Final = 4
"""Pixels a training picture, as the judge sees it, may be shifted by."""


def targets(renders: Renders) -> dict[str, Tensor]:
    """Return the class number of each attribute of each picture, -1 where it is hidden."""
    seen = [labels(character) for character in renders.characters]
    return {
        name: torch.tensor([-1 if (word := label[name]) is None else words.index(word) for label in seen])
        for name, words in ATTRIBUTES.items()
    }


def train(judge: Judge, renders: Renders, recipe: Recipe, folder: Path) -> Training:
    """Train the judge, yielding progress; it ends with its averaged weights."""
    device = next(judge.parameters()).device
    wanted = {name: value.to(device) for name, value in targets(renders).items()}

    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        chosen = torch.randint(len(renders), (recipe.batch_size,), generator=generator, device=generator.device)
        seen = functional.adaptive_avg_pool2d(renders.pictures(chosen), SIDE)
        pictures = disturb(seen, generator)
        return {"loss": masked_cross_entropy(judge(pictures), {name: value[chosen] for name, value in wanted.items()})}

    run = Run(judge, recipe, folder)
    yield from run.train(loss)
    run.use_averaged()


def disturb(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Return the pictures shifted by up to SHIFT pixels, some softened and noisy as an autoencoder's are.

    Colours are left alone: they are what the judge is asked for.
    """
    padded = functional.pad(pictures, (SHIFT,) * 4, mode="replicate")
    chance: dict[str, Any] = {"generator": generator, "device": pictures.device}
    down, right = torch.randint(2 * SHIFT + 1, (2,), **chance).tolist()
    height, width = pictures.shape[-2:]
    shifted = padded[..., down : down + height, right : right + width]
    softness, noisiness = torch.rand(2, len(pictures), 1, 1, 1, **chance)
    soft = functional.avg_pool2d(functional.pad(shifted, (1,) * 4, mode="replicate"), 3, stride=1)
    return torch.lerp(shifted, soft, softness) + torch.randn(shifted.shape, **chance) * 0.06 * noisiness


def accuracy(
    judge: Judge, renders: Renders, through: Callable[[Tensor], Tensor] = lambda pictures: pictures
) -> dict[str, float]:
    """Return the share of right answers of each attribute over all renders where it can be seen.

    ``through`` changes the pictures before they are judged: an autoencoder's reconstruction, for one.
    """
    wanted, right = targets(renders), dict.fromkeys(ATTRIBUTES, 0)
    for indices in renders.batches(100):
        with torch.inference_mode():
            logits = judge(through(renders.pictures(indices)))
        for name, values in logits.items():
            right[name] += int((values.argmax(dim=1).cpu() == wanted[name][indices]).sum())
    return {name: right[name] / max(1, int((wanted[name] >= 0).sum())) for name in ATTRIBUTES}
