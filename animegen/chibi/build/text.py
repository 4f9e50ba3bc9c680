"""Teaching chibi to read: a tokenizer, and a text encoder that can say what a caption states.

Colour words bind late in a diffusion model (the same words name hair, eyes and backgrounds). An encoder that must
predict every stated attribute from a caption's last token has bound them before the UNet sees its first word.
"""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from animegen.chibi import exam
from animegen.chibi.build.networks import TEXT_WIDTH
from animegen.chibi.build.texts import Stated, stated_captions, tokens
from animegen.chibi.captions import caption_with_stated
from animegen.chibi.character import ACCESSORIES, NEUTRAL, VOCABULARY, Character, characters
from animegen.training.loop import Run, Training
from animegen.training.losses import masked_cross_entropy
from animegen.training.recipe import Recipe

STATED: Final[dict[str, tuple[str, ...]]] = {
    **{name: (*words, NEUTRAL) if name == "emotion" else words for name, words in VOCABULARY.items()},
    "strength": ("weak", "plain", "strong"),
    **dict.fromkeys(ACCESSORIES, ("yes",)),
}
"""What a caption may state; the class after the last means "says nothing of it"."""
WEAK, STRONG = 0.45, 0.85
CAPTIONS_SEED: Final = 5
HELD_OUT_SEED: Final = 10_000


class Reader(nn.Module):
    """A text encoder with a linear head for each thing that a caption may state."""

    def __init__(self, encoder: CLIPTextModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = nn.ModuleDict({name: nn.Linear(TEXT_WIDTH, len(words) + 1) for name, words in STATED.items()})

    def forward(self, tokens: Tensor) -> dict[str, Tensor]:
        """Return the logits read from the first end token and from the last token of ``(N, L)`` padded captions."""
        states = self.encoder(tokens).last_hidden_state
        ends = (tokens == self.encoder.config.eos_token_id).int().argmax(dim=1)
        read = torch.cat([states[torch.arange(len(tokens)), ends], states[:, -1]])
        return {name: head(read) for name, head in self.heads.items()}


def targets(described: list[Stated]) -> dict[str, Tensor]:
    """Return the class numbers of what captions state of their characters, ``(N,)`` a name."""

    def number(name: str, word: str | None) -> int:
        return len(STATED[name]) if word is None else STATED[name].index(word)

    rows = [_stated(character, names) for character, names in described]
    return {name: torch.tensor([number(name, row.get(name)) for row in rows]) for name in STATED}


def train(reader: Reader, tokens_of: CLIPTokenizer, recipe: Recipe, folder: Path) -> Training:
    """Train encoder and heads on captions of training characters, yielding progress; it ends with averaged weights.

    A caption comes twice at most: there are half as many as the recipe's steps take.
    """
    device = reader.encoder.device
    numbers, stated = stated_captions(tokens_of, recipe.steps * recipe.batch_size // 2 + 1, CAPTIONS_SEED)
    numbers, wanted = numbers.to(device), {name: value.to(device) for name, value in targets(stated).items()}

    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        chosen = torch.randint(len(numbers), (recipe.batch_size,), generator=generator, device=device)
        logits = reader(numbers[chosen].long())
        return {"loss": masked_cross_entropy(logits, {name: value[chosen].repeat(2) for name, value in wanted.items()})}

    run = Run(reader, recipe, folder)
    yield from run.train(loss)
    run.use_averaged()


def held_out_captions(count: int = 1_000) -> tuple[list[str], dict[str, Tensor]]:
    """Return captions of validation characters, and the class numbers of what they state."""
    rng = random.Random(HELD_OUT_SEED)
    people = characters("validation", HELD_OUT_SEED, count)
    told = [caption_with_stated(character, rng) for character in people]
    return [text for text, _ in told], targets([(who, names) for who, (_, names) in zip(people, told, strict=True)])


def examination() -> tuple[list[str], dict[str, Tensor]]:
    """Return the prompts of the examination's test, and the class numbers of what they state; no strength is scored."""
    rng, prompts = random.Random(0), exam.prompts("test")
    wanted = targets([(prompt.character(rng), prompt.stated) for prompt in prompts])
    return [prompt.text for prompt in prompts], {name: value for name, value in wanted.items() if name != "strength"}


@torch.inference_mode()
def accuracy(
    reader: Reader, tokens_of: CLIPTokenizer, texts: Sequence[str], wanted: Mapping[str, Tensor]
) -> dict[str, float]:
    """Return the share of texts of which each attribute is read rightly, "says nothing" included."""
    logits = reader(torch.from_numpy(tokens(tokens_of, texts)).long().to(reader.encoder.device))
    return {
        name: float((logits[name].argmax(dim=1).cpu().view(2, -1) == value).float().mean())
        for name, value in wanted.items()
    }


def _stated(character: Character, names: frozenset[str]) -> dict[str, str]:
    stated = {name: "yes" if name in ACCESSORIES else str(getattr(character, name)) for name in names}
    if "emotion" in names and character.strength == 0:
        stated["emotion"] = NEUTRAL
    elif "emotion" in names:
        strength = character.strength
        stated["strength"] = "weak" if strength < WEAK else "strong" if strength > STRONG else "plain"
    return stated
