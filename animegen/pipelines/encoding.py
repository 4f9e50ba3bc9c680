"""Words to embeddings: each text is encoded once and remembered."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor

from animegen.models.loading import Parts

REMEMBERED = 128


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's embedding [1, length, width], and the end of the text that did not fit the encoder."""

    embedding: Tensor
    dropped: str


class PromptEncoder:
    """Encodes texts with a model's tokenizer and text encoder, and keeps the last ones by their text.

    ``count`` may be called from any thread; ``encode`` only by the one that draws.
    """

    def __init__(self, parts: Parts, remembered: int = REMEMBERED) -> None:
        self._parts = parts
        self._remembered = remembered
        self._cache: OrderedDict[str, Encoded] = OrderedDict()
        # The tokenizer keeps its padding and truncation inside, so two threads must not use it at once.
        self._tokenizing = threading.Lock()

    def count(self, text: str) -> int:
        """Return how many tokens a text has beside the marks of its start and end."""
        return len(self._ids(text))

    def encode(self, text: str) -> Encoded:
        """Return the embedding of a text as plain Stable Diffusion would see it, cut at the encoder's length."""
        if text in self._cache:
            self._cache.move_to_end(text)
            return self._cache[text]
        self._cache[text] = self._encode(text)
        if len(self._cache) > self._remembered:
            self._cache.popitem(last=False)
        return self._cache[text]

    @torch.inference_mode()
    def _encode(self, text: str) -> Encoded:
        length = self._parts.tokenizer.model_max_length
        with self._tokenizing:
            tokens = self._parts.tokenizer(
                text, padding="max_length", max_length=length, truncation=True, return_tensors="pt"
            )
        over = self._ids(text)[length - 2 :]
        embedding = self._parts.text_encoder(tokens.input_ids.to(self._parts.placement.device))[0]
        return Encoded(embedding, self._parts.tokenizer.decode(over).strip() if over else "")

    def _ids(self, text: str) -> list[int]:
        with self._tokenizing:
            ids: list[int] = self._parts.tokenizer(text, add_special_tokens=False, verbose=False).input_ids
        return ids
