from typing import Any

import pytest
import torch

from animegen.models.loading import Parts
from animegen.models.tokens import Tokens
from animegen.pipelines.encoder import PromptEncoder
from tests import tiny


@pytest.fixture
def calls(parts: Parts) -> list[Any]:
    """What the text encoder was asked for, one entry a call."""
    seen: list[Any] = []
    parts.text_encoder.register_forward_hook(lambda *call: seen.append(call[1]))
    return seen


def test_a_repeated_text_is_encoded_once(parts: Parts, calls: list[Any]) -> None:
    encoder = PromptEncoder(parts)
    assert torch.equal(encoder.encode(["blue hair", "blue hair"]), encoder.encode(["blue hair"]).repeat(2, 1, 1))
    assert len(calls) == 1


def test_texts_of_different_lengths_have_embeddings_of_equal_length(parts: Parts) -> None:
    assert PromptEncoder(parts).encode(["", "blue hair", "blue " * 200]).shape[:2] == (3, 77)


def test_the_embedding_of_a_text_does_not_depend_on_the_others(parts: Parts) -> None:
    together = PromptEncoder(parts).encode(["red", "blue hair"])
    assert torch.equal(together[1:], PromptEncoder(parts).encode(["blue hair"]))


def test_embeddings_are_cached_for_each_set_of_adapters(parts: Parts, calls: list[Any]) -> None:
    encoder = PromptEncoder(parts)
    for adapters in ((), ("ink", 0.8), (), ("ink", 0.8)):
        encoder.active_adapters = adapters
        encoder.encode(["blue hair"])
    assert len(calls) == 2


def test_the_least_recently_used_text_is_evicted_first(parts: Parts, calls: list[Any]) -> None:
    encoder = PromptEncoder(parts, cached=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        encoder.encode([text])
    assert len(calls) == 4


def test_an_embedding_is_what_plain_stable_diffusion_sees(parts: Parts) -> None:
    expected, _ = tiny.pipeline(parts).encode_prompt("blue hair", "cpu", 1, False)
    assert torch.equal(PromptEncoder(parts).encode(["blue hair"]), expected)


def test_tokens_are_counted_without_the_marks_of_start_and_end(parts: Parts) -> None:
    assert Tokens(parts.tokenizer).count("abc") == 3
    assert Tokens(parts.tokenizer).count("") == 0


def test_what_does_not_fit_the_encoder_is_reported(parts: Parts) -> None:
    assert Tokens(parts.tokenizer).overflow("a " * 75) == ""
    assert Tokens(parts.tokenizer).overflow("a " * 75 + "b c") == "b c"


def test_words_outside_every_vocabulary_are_encoded_all_the_same(parts: Parts) -> None:
    assert PromptEncoder(parts).encode(["青い髪 🎀"]).isfinite().all()
