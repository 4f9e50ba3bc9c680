"""From the fields of a request to the words of all layers of its prompt."""

import re
from collections.abc import Collection, Iterable, Mapping

from animegen.errors import InvalidRequest
from animegen.prompts import negation, syntax
from animegen.prompts.appearance import feature
from animegen.prompts.brief import Brief
from animegen.prompts.emotions import emotion
from animegen.prompts.prompt import Prompt, Word
from animegen.prompts.quality import quality
from animegen.prompts.styles import style
from animegen.prompts.vocabulary import Vocabulary
from animegen.tasks import MAX_PROMPT

Triggers = Mapping[str, Iterable[str]]
"""The words that trigger each LoRA, by its name."""


def compose(brief: Brief, vocabulary: Vocabulary, triggers: Triggers, painted: Collection[str] = ()) -> Prompt:
    """Return the prompt of a brief, with the words of all layers, however long, and without notes.

    ``painted`` are the styles that LoRAs make, with words or without. Raises InvalidRequest for a name that is in no
    table, a style that the model cannot draw, or a final prompt without a word that the model knows.
    """
    layers = pick_words(brief, vocabulary.family, triggers, painted)
    known = tuple(word for words in triggers.values() for word in words)
    negated = negation.split(brief.typed, outfits=vocabulary.negates_outfits)
    text, unknown = vocabulary.understand(negated.text, known)
    negative, unknown_negative = vocabulary.understand(_negative(brief, negated.words, vocabulary.family), known)
    if brief.final and not text.strip():
        raise InvalidRequest("prompts.empty_final_prompt")
    text = text if brief.final else vocabulary.rephrase(text)
    own = (Word(tag, "final_prompt" if brief.final else "prompt") for tag in syntax.split_tags(text))
    return Prompt(
        user_text=text,
        negative=negative,
        words=(*own, *([] if brief.final else _missing(text, layers))),
        unknown=tuple(dict.fromkeys((*unknown, *unknown_negative))),
        negated=negated.typed,
    )


def pick_words(brief: Brief, family: str, triggers: Triggers, painted: Collection[str] = ()) -> list[Word]:
    """Return the words of LoRAs and pickers for a family of models, in the order of their layers."""
    quality_words = quality(brief.quality).words[family]
    hair = (feature("hair_colour", brief.hair_colour), feature("hair_style", brief.hair_style))
    outfit = feature("outfit", brief.outfit)
    return [
        *(Word(text, "lora", lora) for lora, words in triggers.items() for text in words),
        *(Word(text, "hair") for part in hair for text in part.words[family]),
        *(Word(text, "outfit") for text in outfit.words[family]),
        *(Word(text, "emotion") for text in emotion(brief.emotion).words(family, brief.emotion_strength)),
        *(Word(text, "style") for text in style(brief.style).words(family, painted)),
        *(Word(text, "quality") for text in quality_words),
    ]


def _missing(text: str, words: Iterable[Word]) -> list[Word]:
    """Return the words that neither the text nor an earlier one of them contains."""
    contained, found = _plain(text), list[Word]()
    for word in words:
        if not re.search(rf"\b{re.escape(_plain(word.text))}\b", contained):
            found.append(word)
            contained += f", {_plain(word.text)}"
    return found


def _negative(brief: Brief, negated: Iterable[str], family: str) -> str:
    """Return the user's negative prompt, followed by the negated and the quality words, up to MAX_PROMPT characters."""
    contained = {_plain(tag) for tag in syntax.split_tags(brief.negative_prompt)}
    text = brief.negative_prompt.strip(" ,\n")
    for word in (*negated, *quality(brief.quality).negative[family]):
        longer = f"{text}, {word}" if text else word
        text = longer if word not in contained and len(longer) <= MAX_PROMPT else text
    return text


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").lower().split())
