"""Captions as tokens, written once by all cores: what the text encoder and the UNet learn words from."""

import random
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import CLIPTokenizer

from animegen.chibi.build.networks import TOKENS
from animegen.chibi.build.renders import spread
from animegen.chibi.captions import caption, caption_with_stated, train_tokenizer
from animegen.chibi.character import Character, characters

PART: Final = 2_000
"""Characters whose captions one process writes at a time."""
Stated = tuple[Character, frozenset[str]]
"""A character, and what a caption states of it: names of attributes and accessories."""
TOKENIZER_SEED: Final = 3
TOKENIZER_CAPTIONS: Final = 20_000


@cache
def tokenizer() -> CLIPTokenizer:
    """Return the tokenizer made from training captions; the same each time."""
    rng = random.Random(0)
    texts = [caption(character, rng) for character in characters("train", TOKENIZER_SEED, TOKENIZER_CAPTIONS)]
    vocabulary, merges = train_tokenizer(texts)
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=TOKENS)


def tokens(reader: CLIPTokenizer, texts: Sequence[str]) -> NDArray[np.int16]:
    """Return the token numbers of texts, padded and cut to ``(N, TOKENS)``."""
    rows: NDArray[Any] = reader(list(texts), padding="max_length", truncation=True, return_tensors="np").input_ids
    return rows.astype(np.int16)


def captions(reader: CLIPTokenizer, people: Sequence[Character], copies: int, seed: int) -> Tensor:
    """Return the tokens of ``copies`` captions of each character, ``(N, copies, TOKENS)``."""
    parts = [(reader, people[first : first + PART], copies, seed + first) for first in range(0, len(people), PART)]
    return torch.from_numpy(np.concatenate(list(spread(_captions, parts))))


def stated_captions(reader: CLIPTokenizer, count: int, seed: int) -> tuple[Tensor, list[Stated]]:
    """Return the tokens of ``count`` captions of training characters, and what each states of whom."""
    parts = [(reader, min(PART, count - first), seed + first) for first in range(0, count, PART)]
    found = list(spread(_stated_captions, parts))
    numbers = np.concatenate([rows for rows, _ in found])
    return torch.from_numpy(numbers), [one for _, stated in found for one in stated]


def _captions(reader: CLIPTokenizer, people: Sequence[Character], copies: int, seed: int) -> NDArray[np.int16]:
    rng = random.Random(seed)
    texts = [caption(character, rng) for character in people for _ in range(copies)]
    return tokens(reader, texts).reshape(len(people), copies, TOKENS)


def _stated_captions(reader: CLIPTokenizer, count: int, seed: int) -> tuple[NDArray[np.int16], list[Stated]]:
    rng = random.Random(seed)
    people = characters("train", seed, count)
    captions = [caption_with_stated(character, rng) for character in people]
    stated: list[Stated] = [(character, names) for character, (_, names) in zip(people, captions, strict=True)]
    return tokens(reader, [text for text, _ in captions]), stated
