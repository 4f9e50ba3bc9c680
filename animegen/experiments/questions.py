"""What chibi is asked when it is measured: prompts of unseen characters, and words that it shall avoid."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from animegen.chibi import exam
from animegen.chibi.character import SCORED_STRENGTH, VOCABULARY, Character, Split, characters, labels
from animegen.chibi.wordings import tags

Wording = Literal["tags", "sentence"]
OPEN: Final = ("hair_colour", "hair_style", "eye_colour", "outfit", "background")
"""Attributes whose variety is measured where a prompt leaves them open, and whose words are negated there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A prompt that states part of a character; the picture is drawn with the same seed as the prompt was made."""

    seed: int
    character: Character
    prompt: str
    stated: frozenset[str]

    def leaves_open(self, name: str) -> bool:
        """Say whether the prompt is silent on an attribute that a picture of the character would show."""
        return name not in self.stated and labels(self.character)[name] is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Avoidance:
    """A question that is asked again with a negative prompt: ``word`` of an attribute that it leaves open."""

    question: Question
    attribute: str
    word: str
    negative: str


def question(part: Split, seed: int) -> Question:
    """Return the question of a seed: a character of the part, its emotion made clear enough to be scored."""
    rng = random.Random(seed)
    character = characters(part, seed, 1)[0]
    character = replace(character, strength=max(character.strength, rng.uniform(SCORED_STRENGTH, 1)))
    prompt, stated = exam.evaluation_prompt(character, rng)
    return Question(seed=seed, character=character, prompt=prompt, stated=stated)


def avoidances(questions: list[Question]) -> Iterator[Avoidance]:
    """Yield each question that leaves an attribute of OPEN open, with any word of any such attribute to avoid."""
    for asked in questions:
        rng = random.Random(f"avoid {asked.seed}")
        if left_open := [name for name in OPEN if asked.leaves_open(name)]:
            name = rng.choice(left_open)
            word = rng.choice(VOCABULARY[name])
            change: dict[str, Any] = {name: word}
            (negative,) = tags(replace(asked.character, **change), {name}, rng)
            yield Avoidance(question=asked, attribute=name, word=word, negative=negative)


def wording(prompt: str) -> Wording:
    """Return which kind of prompt of the exam this is: a sentence holds all that one of exam.toml's always says."""
    kept = (re.split(r"\{\w+\}", re.sub(r"\[[^\]]*\]", "{left_out}", shape)) for shape in exam.shapes()["sentences"])
    said = ([part.strip(" ,") for part in parts] for parts in kept)
    return "sentence" if any(all(part in prompt for part in parts) for parts in said) else "tags"
