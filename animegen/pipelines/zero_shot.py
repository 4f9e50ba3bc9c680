"""Which words fit a drawing, as the model that drew it can tell: those with which it finds the noise on it best.

A diffusion model is a classifier as it stands (Li et al. 2023, 2303.16203): under the same noise, the words that
describe a picture leave the smallest error. No other network is asked, so it works on every model, whatever it has on.
"""

from collections.abc import Sequence
from typing import Final

import torch
from PIL import Image
from torch import Tensor

from animegen.models.tokens import Tokens
from animegen.pictures.sources import digest
from animegen.pipelines.engine import Engine
from animegen.prompts import traits

LEVEL: Final = 0.4
"""How far into the noise the picture is put, as a part of the schedule: less noise leaves nothing to find, more hides
small things."""
NOISES: Final = 2
"""Over how many drawings of noise the error is taken, the same ones for all words."""

SURE: Final = 0.005
"""By how much of itself the error of a choice must be smaller than that of any other, or of none, to be believed.
"""

Choices = Sequence[str]


def find_unspecified(
    tokens: Tokens, texts: Sequence[str], family: str, negative: str | None = None
) -> tuple[Choices, ...]:
    """Return the choices for each trait of which the first text says nothing, as a family of models can tell them.

    With a ``negative`` prompt come those of what a character may wear and it does not name; several of them may be
    true, or none, so they begin with no word at all. Left out is what the model would not read beside all ``texts``.
    Any thread may call it.
    """

    def read(choices: Choices) -> bool:
        return not any(tokens.overflow(", ".join([text, *choices])) for text in texts)

    undecided = traits.unspecified(texts[0], family, own_drawing=negative is None)
    several = () if negative is None else traits.unspecified_accessories(f"{texts[0]}, {negative}", family)
    longest = [max(choices, key=tokens.count) for choices in undecided]
    if several and read([*longest, *several]):
        return (*undecided, ("", *several))
    return undecided if read(longest) else ()


def recognise(engine: Engine, image: Image.Image, undecided: Sequence[Choices]) -> list[str]:
    """Return which of the choices describe an RGB picture; the answer is cached by picture and LoRAs."""
    found: list[str] = []
    for choices in undecided:
        text = ", ".join(found)
        key = digest(image), engine.active_adapters, text, choices
        if key not in engine.recognised:
            engine.recognised[key] = classify(engine, engine.pictures.encode(image), text, choices)
        found += engine.recognised[key]
    return found


@torch.inference_mode()
def classify(engine: Engine, latents: Tensor, text: str, choices: Choices) -> list[str]:
    """Return the one of ``choices`` that surely describes a drawing best, latents [1, channels, height, width], if any.

    Where the first of them is empty, return all that surely describe it better than none. ``text`` is what it was
    drawn from, as far as that is known; the choices are compared as its last words.
    """
    words = engine.encoder.encode([", ".join(filter(None, (text, choice))) for choice in choices])
    wrong = torch.stack([errors(engine, latents, words, seed) for seed in range(NOISES)]).mean(dim=0)
    sure = wrong * (1 + SURE)
    if choices[0]:
        best = int(wrong.argmin())
        return [choices[best]] if all(sure[best] <= one for place, one in enumerate(wrong) if place != best) else []
    return [choice for choice, error in zip(choices, sure, strict=True) if error < wrong[0]]


def errors(engine: Engine, latents: Tensor, words: Tensor, seed: int) -> Tensor:
    """Return the mean square error of what the network answers to each of ``words``, under the noise of a seed."""
    seen, wanted, level = add_noise(engine, latents, seed)
    # Two at once take the memory of one picture that is drawn with guidance.
    answers = [
        engine.parts.unet(
            seen.expand(len(two), -1, -1, -1).to(two.dtype), level, encoder_hidden_states=two, return_dict=False
        )[0]
        for two in words.split(2)
    ]
    return (torch.cat(answers).float() - wanted).square().mean(dim=(1, 2, 3))


def add_noise(engine: Engine, latents: Tensor, seed: int) -> tuple[Tensor, Tensor, int]:
    """Return latents under the noise of a seed, what a network that knows all would answer to them, and the level."""
    levels = engine.noise_levels
    level = int(LEVEL * len(levels.alphas_cumprod))
    kept = float(levels.alphas_cumprod[level])
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(seed)).to(latents)
    wanted = {
        "epsilon": noise,
        "v_prediction": kept**0.5 * noise - (1 - kept) ** 0.5 * latents,
        "sample": latents,
    }[levels.config.prediction_type]
    return kept**0.5 * latents + (1 - kept) ** 0.5 * noise, wanted, level
