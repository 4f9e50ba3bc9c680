"""Words to embeddings: each text is encoded once and remembered."""

import threading
from collections.abc import Hashable

import torch
from torch import Tensor

from animegen.models.loading import Parts
from animegen.pipelines.remembering import Remembered

REMEMBERED = 128


class PromptEncoder:
    """Encodes texts with a model's tokenizer and text encoder, and keeps the last ones by their text.

    ``worn`` says what is put on the text encoder: embeddings of another set are not this one's.
    ``count`` and ``overflow`` may be called from any thread; ``encode`` only by the one that draws.
    """

    def __init__(self, parts: Parts, remembered: int = REMEMBERED) -> None:
        self._parts = parts
        self._known = Remembered[Tensor](remembered)
        self.worn: Hashable = ()
        # The tokenizer keeps its padding and truncation inside, so two threads must not use it at once.
        self._tokenizing = threading.Lock()

    def count(self, text: str) -> int:
        """Return how many tokens a text has beside the marks of its start and end."""
        return len(self._ids(text))

    def overflow(self, text: str) -> str:
        """Return the end of a text that the encoder does not read, empty where it reads all of it."""
        unread = self._ids(text)[self._parts.tokenizer.model_max_length - 2 :]
        with self._tokenizing:
            return str(self._parts.tokenizer.decode(unread)).strip() if unread else ""

    def encode(self, text: str) -> Tensor:
        """Return the embedding [1, length, width] of a text, cut at the encoder's length."""
        return self._known.get((self.worn, text), lambda: self._encode(text))

    @torch.inference_mode()
    def _encode(self, text: str) -> Tensor:
        length = self._parts.tokenizer.model_max_length
        with self._tokenizing:
            tokens = self._parts.tokenizer(
                text, padding="max_length", max_length=length, truncation=True, return_tensors="pt"
            )
        embedding: Tensor = self._parts.text_encoder(tokens.input_ids.to(self._parts.placement.device))[0]
        return embedding

    def _ids(self, text: str) -> list[int]:
        with self._tokenizing:
            ids: list[int] = self._parts.tokenizer(text, add_special_tokens=False, verbose=False).input_ids
        return ids
