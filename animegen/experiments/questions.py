"""The questions of an evaluation: prompts of the examination, and words that a model must avoid."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from animegen.chibi import exam
from animegen.chibi.character import VOCABULARY, Character, Split, labels
from animegen.chibi.wordings import tags

OPEN: Final = ("hair_colour", "hair_style", "eye_colour", "outfit", "background")
"""Attributes whose variety is measured where a prompt leaves them open, and whose words are negated there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A prompt that states part of a character; the picture is drawn with the seed that completed the character."""

    seed: int
    character: Character
    prompt: str
    stated: frozenset[str]
    wording: exam.Wording

    def leaves_open(self, name: str) -> bool:
        """Say whether the prompt is silent on an attribute that a picture of the character would show."""
        return name not in self.stated and labels(self.character)[name] is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Avoidance:
    """A question repeated with a negative prompt: ``word`` of an attribute that it leaves open."""

    question: Question
    attribute: str
    word: str
    negative: str


def question(part: Split, seed: int) -> Question:
    """Return the question of a seed: seeds in a row take the prompts of the part in turn, each of a new character."""
    prompts = exam.prompts(part)
    prompt = prompts[seed % len(prompts)]
    return Question(
        seed=seed,
        character=prompt.character(random.Random(seed)),
        prompt=prompt.text,
        stated=prompt.stated,
        wording=prompt.wording,
    )


def avoidances(questions: list[Question]) -> Iterator[Avoidance]:
    """Yield each question that leaves an attribute of OPEN open, with any word of any such attribute to avoid."""
    for each in questions:
        rng = random.Random(f"avoid {each.seed}")
        if left_open := [name for name in OPEN if each.leaves_open(name)]:
            name = rng.choice(left_open)
            word = rng.choice(VOCABULARY[name])
            change: dict[str, Any] = {name: word}
            (negative,) = tags(replace(each.character, **change), {name}, rng)
            yield Avoidance(question=each, attribute=name, word=word, negative=negative)
