"""The examination of chibi: prompts written by hand, each with what it determines of a picture."""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from animegen.chibi.character import NEUTRAL, SCORED_STRENGTH, VOCABULARY, Character, Split, sample

Wording = Literal["tags", "sentence"]
VALIDATION: Final = 5
"""One prompt in so many is for choices; reports draw the others."""
UNSTATED: Final = "unstated"
"""The section of the prompts that leave the emotion open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExamPrompt:
    """A prompt and its answers: a word of VOCABULARY, or NEUTRAL, for each attribute that it determines."""

    text: str
    wording: Wording
    answers: Mapping[str, str]
    accessories: frozenset[str]

    @property
    def stated(self) -> frozenset[str]:
        """The names of the attributes and accessories that it states."""
        return self.accessories | set(self.answers)

    def character(self, rng: random.Random) -> Character:
        """Return a character of whom the prompt is true; what it leaves open is random, a stated emotion clear."""
        fixed: dict[str, Any] = {"accessories": self.accessories, **self.answers}
        if "marks" in VOCABULARY:
            fixed.setdefault("marks", "none")
        if fixed.get("emotion") == NEUTRAL:
            fixed |= {"emotion": rng.choice(VOCABULARY["emotion"]), "strength": 0.0}
        elif "emotion" in fixed:
            fixed["strength"] = rng.uniform(SCORED_STRENGTH, 1)
        return replace(sample(rng), **fixed)


@cache
def prompts(part: Split) -> tuple[ExamPrompt, ...]:
    """Return the prompts of a part, their emotions mixed evenly; there are none for training."""
    mixed = [prompt for _, prompt in sorted(_placed(), key=lambda placed: placed[0])]
    chosen = mixed[::VALIDATION]
    match part:
        case "validation":
            return tuple(chosen)
        case "test":
            return tuple(prompt for prompt in mixed if prompt not in chosen)
    return ()


def _placed() -> Iterator[tuple[float, ExamPrompt]]:
    """Yield each prompt and its place within its section, from 0 to 1."""
    for emotion, section in table().items():
        for number, entry in enumerate(section):
            answers = {name: word for name, word in entry.items() if name not in ("text", "wording", "accessories")}
            if emotion != UNSTATED:
                answers["emotion"] = emotion
            if _known(answers):
                yield (
                    (number + 0.5) / len(section),
                    ExamPrompt(
                        text=entry["text"],
                        wording=entry["wording"],
                        answers=answers,
                        accessories=frozenset(entry.get("accessories", ())),
                    ),
                )


def _known(answers: Mapping[str, str]) -> bool:
    """Say whether chibi's world has all of the answers: it gains emotions and marks later than the examination."""
    return all(word in (*VOCABULARY.get(name, ()), NEUTRAL) for name, word in answers.items())


@cache
def table() -> Mapping[str, list[dict[str, Any]]]:
    """Return the prompts by emotion as they stand in exam.toml."""
    return tomllib.loads(Path(__file__).with_name("exam.toml").read_text(encoding="utf-8"))
