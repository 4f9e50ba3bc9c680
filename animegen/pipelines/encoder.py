"""Prompts to embeddings: each text is encoded once and cached."""

from collections.abc import Hashable, Sequence

import torch
from cachetools import LRUCache, cachedmethod
from torch import Tensor

from animegen.models.loading import Parts
from animegen.models.tokens import Tokens

CACHED = 128


class PromptEncoder:
    """Encodes texts with a model's tokenizer and text encoder, and caches the last ones.

    ``active_adapters`` are those on the text encoder: embeddings are cached for each set of them. Only the drawing
    thread may encode; any thread may use ``tokens``.
    """

    def __init__(self, parts: Parts, cached: int = CACHED) -> None:
        self._parts = parts
        self.cache = LRUCache[Hashable, Tensor](cached)
        self.active_adapters: Hashable = ()
        self.tokens = Tokens(parts.tokenizer)

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return the embeddings [count, length, width] of one or more texts, all of the same length.

        Each text is encoded by itself, so that its embedding does not depend on the others; what exceeds the model's
        limit is cut off.
        """
        return torch.cat([self._embedding(text) for text in texts])

    @cachedmethod(lambda self: self.cache, key=lambda self, text: (self.active_adapters, text))
    @torch.inference_mode()
    def _embedding(self, text: str) -> Tensor:
        ids = torch.tensor([self.tokens.padded(text)], device=self._parts.placement.device)
        embedding: Tensor = self._parts.text_encoder(ids)[0]
        return embedding
