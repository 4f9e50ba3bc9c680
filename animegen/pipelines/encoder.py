"""Words to embeddings: each text is encoded once and remembered."""

from collections.abc import Hashable

import torch
from torch import Tensor

from animegen.models.loading import Parts
from animegen.models.tokens import Tokens
from animegen.pipelines.remembering import Remembered

REMEMBERED = 128


class PromptEncoder:
    """Encodes texts with a model's tokenizer and text encoder, and keeps the last ones by their text.

    ``adapters`` says what is merged into the text encoder: embeddings of another set are not this one's.
    One thread at a time may encode; any may use ``tokens``.
    """

    def __init__(self, parts: Parts, remembered: int = REMEMBERED) -> None:
        self._parts = parts
        self._known = Remembered[Tensor](remembered)
        self.adapters: Hashable = ()
        self.tokens = Tokens(parts.tokenizer)

    def encode(self, text: str) -> Tensor:
        """Return the embedding [1, length, width] of a text, cut at the encoder's length."""
        return self._known.get((self.adapters, text), lambda: self._encode(text))

    @torch.inference_mode()
    def _encode(self, text: str) -> Tensor:
        ids = torch.tensor([self.tokens.padded(text)], device=self._parts.placement.device)
        embedding: Tensor = self._parts.text_encoder(ids)[0]
        return embedding
