"""Text embeddings of captions in training: live where the text encoder learns, else each caption once."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Final

import torch
from cachetools import LRUCache
from torch import Tensor

from animegen.models.loading import Parts
from animegen.models.tokens import Tokens

REMEMBERED: Final = 4096
"""Embeddings of captions: 0.6 GB on Stable Diffusion 1.5. Which caption a use has is never decided here."""


class CaptionEncoder:
    """Encodes captions with a model's text encoder, which is frozen unless it is ``trained``."""

    def __init__(self, parts: Parts, *, trained: bool) -> None:
        self._parts, self._trained = parts, trained
        self._tokens = Tokens(parts.tokenizer)
        self._known = LRUCache[str, Tensor](REMEMBERED)

    def encode(self, captions: Sequence[str]) -> Tensor:
        """Return the embeddings (N, tokens, width); what exceeds the model's limit is cut off."""
        if self._trained:
            return self._embeddings(captions)
        for caption in captions:
            if caption not in self._known:  # alone, so that its numbers do not depend on what else a batch has
                self._known[caption] = self._embeddings([caption])[0]
        return torch.stack([self._known[caption] for caption in captions])

    def _embeddings(self, captions: Sequence[str]) -> Tensor:
        device = self._parts.text_encoder.device
        ids = torch.tensor([self._tokens.padded(caption) for caption in captions], device=device)
        with nullcontext() if self._trained else torch.no_grad():
            found: Tensor = self._parts.text_encoder(ids)[0]
        return found
