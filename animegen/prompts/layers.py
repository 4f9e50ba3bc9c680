"""The layers of a prompt: character, emotion, style and quality, joined within what the model can read."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from animegen.chibi.captions import pieces, understood, with_hair
from animegen.errors import InvalidRequest
from animegen.prompts import negation, syntax
from animegen.prompts.appearance import feature
from animegen.prompts.emotions import emotion
from animegen.prompts.notes import listed
from animegen.prompts.quality import quality
from animegen.prompts.styles import style
from animegen.tasks import MAX_PROMPT, Still

Count = Callable[[str], int]
YOU: Final = "you"
FINAL: Final = "final prompt"
LORA: Final = "LoRA"
HAIR: Final = "hair picker"
OUTFIT: Final = "outfit picker"
MARKS: Final = "marks picker"
EMOTION: Final = "emotion picker"
STYLE: Final = "style picker"
QUALITY: Final = "quality level"
LEAST: Final = "draft"
USUAL: Final = "standard"
NONE: Final[Mapping[str, Iterable[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Word:
    """One tag or phrase of a prompt and where it came from."""

    text: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A prompt as the model reads it: ``text`` and ``negative``, and the ``words`` of all layers in order.

    ``dropped`` words fell off because the model reads no further; ``unknown`` ones mean nothing to chibi and are in
    neither text; ``negated`` ones were typed to be avoided ("no hat"), and are in the negative prompt.
    ``notes`` say all of it, and what else a visitor should know, in sentences.
    """

    text: str
    negative: str
    words: tuple[Word, ...]
    dropped: tuple[Word, ...] = ()
    unknown: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def character(self) -> tuple[Word, ...]:
        """The person's own words, and behind them those that call the LoRAs, and of the pickers of appearance."""
        return _from(self.words, YOU, FINAL, LORA, HAIR, OUTFIT, MARKS)

    @property
    def emotion(self) -> tuple[Word, ...]:
        """The words of the emotion picker."""
        return _from(self.words, EMOTION)

    @property
    def style(self) -> tuple[Word, ...]:
        """The words of the style picker."""
        return _from(self.words, STYLE)

    @property
    def quality(self) -> tuple[Word, ...]:
        """The words of the quality level."""
        return _from(self.words, QUALITY)


def compose(
    task: Still, *, family: str, count: Count, limit: int = 75, triggers: Mapping[str, Iterable[str]] = NONE
) -> Prompt:
    """Return the prompt of a task for a family of models (``chibi`` or ``general``).

    ``count`` says how many tokens a text has, ``limit`` how many the model reads: beyond it quality words fall
    first, then style, marks, emotion, outfit, hair and ``triggers``, the words that call each LoRA by its name; the
    person's own words never. A filled ``final_prompt`` stands instead of the layers. Raises InvalidRequest when a name
    is in none of the tables, a style is not for this family, or a final prompt holds nothing to draw.
    """
    level = quality(task.quality)
    hair = (feature("hair_colour", task.hair_colour), feature("hair_style", task.hair_style))
    layers = {
        **{f"{LORA} {name}": tuple(words) for name, words in triggers.items()},
        HAIR: tuple(word for part in hair for word in part.words[family]),
        OUTFIT: feature("outfit", task.outfit).words[family],
        EMOTION: emotion(task.emotion).words(family, task.emotion_strength),
        MARKS: feature("marks", task.marks).words[family],
        STYLE: style(task.style).words(family),
        QUALITY: level.words[family],
    }
    if as_it_stands := bool(task.final_prompt.strip()):
        layers = {}
    typed = task.final_prompt if as_it_stands else task.prompt.strip(" ,\n")
    split = negation.split(typed, family)
    said, unknown = split.text, tuple[str, ...]()
    negative = _negative(task.negative_prompt, (*split.words, *level.negative[family]))
    if family == "chibi":
        called = pieces(", ".join(word for words in triggers.values() for word in words))
        (said, strange), (negative, other) = (understood(syntax.words_alone(text), called) for text in (said, negative))
        unknown = tuple(dict.fromkeys((*strange, *other)))
        said = said if as_it_stands else with_hair(said)
    if as_it_stands and not said.strip():
        raise InvalidRequest(
            "The final prompt holds nothing to draw; describe the character, for example '1girl, blue hair, smile'."
        )
    added, dropped = _within(said, _new(said, layers), count, limit)
    words = _split(said, FINAL if as_it_stands else YOU)
    notes = [
        *_about_length(words, dropped, count, limit),
        *_about_words(f"{typed}, {task.negative_prompt}", split.typed, unknown),
    ]
    if QUALITY in layers and level.name not in (LEAST, USUAL) and not level.words[family]:
        notes.append(f"This model ({family}) knows no quality words; the level '{level.name}' changes nothing.")
    return Prompt(
        text=_joined(said, added), negative=negative, words=(*words, *added),
        dropped=dropped, unknown=unknown, negated=split.typed, notes=tuple(notes),
    )  # fmt: skip


def _from(words: Iterable[Word], *sources: str) -> tuple[Word, ...]:
    """Return the words of some sources; a LoRA's source has its name behind it."""
    return tuple(word for word in words if word.source in sources or word.source.partition(" ")[0] in sources)


def _split(text: str, source: str) -> tuple[Word, ...]:
    """Return the tags of a text, cut at the commas that no bracket holds together."""
    parts, depth = [""], 0
    for letter in text:
        depth = max(0, depth + (letter in "([") - (letter in ")]"))
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(Word(part.strip(), source) for part in parts if part.strip())


def _new(text: str, layers: Mapping[str, Iterable[str]]) -> list[Word]:
    """Return the words of the layers that neither the text nor an earlier layer says."""
    said, found = _plain(text), []
    for source, words in layers.items():
        for word in words:
            if not re.search(rf"\b{re.escape(_plain(word))}\b", said):
                found.append(Word(word, source))
                said += f", {_plain(word)}"
    return found


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").lower().split())


def _joined(text: str, added: Iterable[Word]) -> str:
    """Return the person's own text as typed, and behind it the other words."""
    return ", ".join(filter(None, [text, *(word.text for word in added)]))


def _within(text: str, added: list[Word], count: Count, limit: int) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Return the added words for which there is room behind the text, and those that fall off, layers last first."""
    kept, dropped = list(added), list[Word]()
    while kept and (len(_joined(text, kept)) > MAX_PROMPT or count(_joined(text, kept)) > limit):
        dropped.insert(0, kept.pop())
    return tuple(kept), tuple(dropped)


def _negative(asked: str, level: Iterable[str]) -> str:
    """Return what a person wants to avoid, then as many words of the quality level that it lacks as a task can hold."""
    said = {_plain(part.text) for part in _split(asked, YOU)}
    text = asked.strip(" ,\n")
    for word in level:
        longer = f"{text}, {word}" if text else word
        text = longer if word not in said and len(longer) <= MAX_PROMPT else text
    return text


def _about_length(words: tuple[Word, ...], dropped: tuple[Word, ...], count: Count, limit: int) -> Iterable[str]:
    if dropped:
        lost = listed(word.text for word in dropped)
        yield f"The prompt is longer than the {limit} tokens that the model reads; these words were left out: {lost}."
    if unread := _unread(words, count, limit):
        lost = listed(word.text for word in unread)
        yield f"The model reads {limit} tokens and not these words of yours behind them: {lost}; shorten the prompt."


def _about_words(typed: str, negated: Iterable[str], unknown: Iterable[str]) -> Iterable[str]:
    if unknown:
        yield f"chibi does not know these words and draws nothing for them: {listed(unknown)}."
    if negated:
        yield f"What the prompt rules out went into the negative prompt: {listed(negated)}."
    if weighted := syntax.weights(typed):
        yield f"Weights are not supported and do nothing: {listed(weighted)}."
    if other := syntax.alternatives(typed):
        yield f"Alternatives and AND are not supported; their words are read one after another: {listed(other)}."


def _unread(words: tuple[Word, ...], count: Count, limit: int) -> tuple[Word, ...]:
    """Return those of the person's own words that end past the limit."""

    def tokens(end: int) -> int:
        return count(", ".join(word.text for word in words[:end]))

    return words[bisect_right(range(1, len(words) + 1), limit, key=tokens) :]
