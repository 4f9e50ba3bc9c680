"""Figures from what the judge read in the pictures of questions: attributes, accessories, variety, wordings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from animegen.chibi.character import ACCESSORIES, VOCABULARY, labels
from animegen.evaluation import clusters, metrics
from animegen.evaluation.metrics import Figure
from animegen.experiments.questions import OPEN, Avoidance, Question

Reading = Mapping[str, str]
Answer = tuple[Question, Reading]
Named = Iterator[tuple[str, Figure]]


def figures(answers: Sequence[Answer]) -> Named:
    """Yield name and figure of all that pictures of questions are scored by."""
    yield from attributes(answers)
    yield from averages(answers)
    yield from accessories(answers)
    yield from variety(answers)
    yield from wordings(answers)


def attributes(answers: Sequence[Answer]) -> Named:
    """Yield the share of right readings of each attribute where it is stated and can be seen."""
    for name in VOCABULARY:
        scored = [
            right for question, reading in answers for stated, right in _scored(question, reading) if stated == name
        ]
        yield name, metrics.share(sum(scored), len(scored))


def averages(answers: Sequence[Answer]) -> Named:
    """Yield the average over attributes of the right readings, and that of a model deaf to its prompts.

    The latter draws as often what this one draws, of other questions: what is right by chance.
    """
    rows = [dict(_scored(*answer)) for answer in answers]
    counts = np.array([[(row.get(name, False), name in row) for name in VOCABULARY] for row in rows], dtype=float)
    if not counts[..., 1].any():
        return
    yield "average of attributes", clusters.macro(counts)
    levels = [
        clusters.agreement(
            [str(labels(question.character)[name]) for question, _ in seen], [read[name] for _, read in seen]
        )
        for name in VOCABULARY
        if (seen := [each for each, row in zip(answers, rows, strict=True) if name in row])
    ]
    yield "average of attributes, by chance", metrics.mean(levels)


def accessories(answers: Sequence[Answer]) -> Named:
    """Yield precision, recall and F1 of accessories, all kinds together.

    Right is one that was requested and is there. One that is there counts as too many only when the character has
    none of it: what the character has and its prompt leaves out is open, and is not scored. (A caption names 9 of
    10 accessories, so silence means that there is none, and a picture full of them must not pass.)
    """
    counts = np.array([_counted(*answer) for answer in answers]).reshape(-1, 3)
    right, extra, missed = counts.T
    yield "accessories, precision", clusters.share(np.stack([right, right + extra], axis=1))
    yield "accessories, recall", clusters.share(np.stack([right, right + missed], axis=1))
    yield "accessories, F1", metrics.f1(counts)


def _counted(question: Question, reading: Reading) -> tuple[int, int, int]:
    """Return how many accessories are right, too many, and missing."""
    there = {name for name in ACCESSORIES if reading[name] == "yes"}
    wanted = question.stated & question.character.accessories
    return len(wanted & there), len(there - question.character.accessories), len(wanted - there)


def variety(answers: Sequence[Answer]) -> Named:
    """Yield the entropy of what is drawn where an attribute is open, over that of the questions' characters there."""
    for name in OPEN:
        left_open = [(question, reading) for question, reading in answers if question.leaves_open(name)]
        if left_open:
            found = [reading[name] for _, reading in left_open]
            data = [getattr(question.character, name) for question, _ in left_open]
            yield f"entropy of {name} where open, share of the data's", metrics.entropy_ratio(found, data)


def wordings(answers: Sequence[Answer]) -> Named:
    """Yield how much of what prompts state is drawn, of tags and of sentences, and by how much the two differ."""
    scores: dict[str, list[float]] = {"tags": [], "sentence": []}
    for question, reading in answers:
        if (score := rightness(question, reading)) is not None:
            scores[question.wording].append(score)
    tags, sentences = scores["tags"], scores["sentence"]
    if min(len(tags), len(sentences)) > 1:
        yield "stated and right, prompts of tags", metrics.mean(tags)
        yield "stated and right, prompts in sentences", metrics.mean(sentences)
        yield "stated and right, sentences less tags", metrics.difference(sentences, tags)


def rightness(question: Question, reading: Reading) -> float | None:
    """Return the share of a prompt's stated attributes and accessories that are read; None where none can be seen."""
    scored = [right for _, right in _scored(question, reading)]
    return sum(scored) / len(scored) if scored else None


def _scored(question: Question, reading: Reading) -> Iterator[tuple[str, bool]]:
    """Yield each stated attribute and accessory that can be seen, and whether it is read."""
    seen = labels(question.character)
    return ((name, seen[name] == reading[name]) for name in sorted(question.stated) if seen[name] is not None)


def avoided(avoidances: Iterable[Avoidance], plain: Mapping[int, Reading], without: Iterable[Reading]) -> Named:
    """Yield how often a word is drawn that was in the negative prompt, and how often without it, by the same seeds.

    ``plain`` has the readings of the questions without a negative prompt by their seeds, ``without`` those with it.
    """
    pairs = [
        (plain[one.question.seed][one.attribute] == one.word, reading[one.attribute] == one.word)
        for one, reading in zip(avoidances, without, strict=True)
    ]
    stayed = [after for before, after in pairs if before]
    yield "a negated word is drawn", metrics.share(sum(after for _, after in pairs), len(pairs))
    yield "a negated word is drawn, had it not been negated", metrics.share(len(stayed), len(pairs))
    yield "a negated word stays, where it was drawn before", metrics.share(sum(stayed), len(stayed))
