"""Which words a family of models understands: chibi those of its captions, every other model whatever is typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from animegen.chibi.captions import pieces, understood, with_hair
from animegen.prompts import syntax


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """An open vocabulary: any word may mean something, so every text is read as typed.

    ``family`` is the column of the prompt tables. Where ``negates_outfits`` is set, "no dress" is a negation; other
    models would undress the character.
    """

    family: str
    negates_outfits: bool = False

    def understand(self, text: str, triggers: Iterable[str]) -> tuple[str, tuple[str, ...]]:  # noqa: ARG002
        """Return what the model understands of a text, and the unknown words; ``triggers`` of LoRAs are known."""
        return text, ()

    def rephrase(self, text: str) -> str:
        """Return an understood text in the wording that the model was trained on."""
        return text


@dataclass(frozen=True, slots=True)
class CaptionVocabulary(Vocabulary):
    """The words of chibi's captions, which have no weights and no brackets."""

    negates_outfits: bool = True

    def understand(self, text: str, triggers: Iterable[str]) -> tuple[str, tuple[str, ...]]:
        """Return a text without syntax and unknown words, and these in order, once each."""
        return understood(syntax.words_alone(text), pieces(", ".join(triggers)))

    def rephrase(self, text: str) -> str:
        """Return a text with "red hair, braid" for "red braid"."""
        return with_hair(text)


CLOSED: Final = {"chibi": CaptionVocabulary("chibi")}
"""The vocabularies that have an end, by family."""


def find_vocabulary(family: str) -> Vocabulary:
    """Return the vocabulary of a family of models."""
    return CLOSED.get(family) or Vocabulary(family)
