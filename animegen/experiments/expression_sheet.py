"""How well a sheet keeps to its character: unseen characters in every emotion, read by the judge.

The model's figures come with those of the artist's own renders of the same characters, in which nothing but the
face changes: what is missing there to 1 is the judge's.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from animegen.chibi import judge
from animegen.chibi.artist import draw as render
from animegen.chibi.captions import choose
from animegen.chibi.character import ACCESSORIES, NEUTRAL, VOCABULARY, Character, Emotion, characters, labels
from animegen.chibi.wordings import tags
from animegen.evaluation import clusters, metrics
from animegen.evaluation.metrics import Figure
from animegen.evaluation.report import Report
from animegen.experiments.trial import Trial
from animegen.pictures.files import sheet
from animegen.tasks import ExpressionSheet

STATED: Final = 0.7
"""How often a request states an attribute, or an accessory that is there."""
EMOTIONS: Final[tuple[Emotion, ...]] = get_args(Emotion)
KEPT: Final = tuple(name for name in (*VOCABULARY, *ACCESSORIES) if name not in ("emotion", "gaze"))
"""What an emotion must leave alone; the gaze is its own, as are blush, tears and lids."""
SHOWN: Final = 8
"""How many sheets, the first of the run, the report shows."""

SHUT: Final = frozenset(
    name for name in EMOTIONS if labels(Character(emotion=name, strength=1.0))["eye_colour"] is None
)
"""Emotions whose eyes are closed."""

Named = Iterator[tuple[str, Figure]]
Observed = Mapping[str, Any]
Reading = Mapping[str, str]
Person = tuple[Reading, Sequence[tuple[str, Reading]]]
"""The reading of a character's first picture, and emotion and reading of each of its others."""


def measure(trial: Trial) -> Report:
    """Draw characters in every emotion, score them, write the report and return it.

    Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    observe = observer(trial.judge)
    people = {seed: characters(trial.split, seed, 1)[0] for seed in trial.seeds}
    lines = trial.lines(
        {f"{seed}-{trial.preset}": request(seed, person, trial.preset) for seed, person in people.items()},
        what="sheets",
        sample=lambda task: strip([picture.image for picture in trial.pictures(task)]),
        observe=observe,
        kept=SHOWN,
    )
    size = lines[0].observed["size"]
    artist = [observe(strip(rendered(person, size))) for person in people.values()]
    return trial.report(
        f"Expression sheets of {trial.model}: {trial.scope('characters')}, {trial.preset}",
        lines,
        [*figures([line.observed for line in lines]), *_of_the_artist(artist)],
        prompts=[request(seed, person, trial.preset).prompt for seed, person in people.items()][:SHOWN],
        images=trial.drawings(lines[:SHOWN]),
        columns=1,
    )


def request(seed: int, person: Character, preset: str) -> ExpressionSheet:
    """Return the request of a character: tags that say part of it, and nothing of its emotion."""
    rng = random.Random(seed)
    words = tags(person, choose(person, rng, attribute=STATED, accessory=STATED) - {"emotion"}, rng)
    rng.shuffle(words)
    return ExpressionSheet(
        prompt=", ".join(words) or "1girl", emotions=(NEUTRAL, *EMOTIONS), preset=preset, quality="draft", seed=seed
    )


def strip(images: Sequence[Image.Image]) -> Image.Image:
    """Return the pictures of a sheet as one row."""
    return sheet(images, columns=len(images))


def observer(reader: judge.Judge) -> Callable[[Image.Image], dict[str, Any]]:
    """Return what is observed of a row: each picture's reading, and the grey levels that it changed by outside."""

    def observe(row: Image.Image) -> dict[str, Any]:
        size = row.height
        images = [row.crop((left, 0, left + size, size)) for left in range(0, row.width, size)]
        neutral, *others = (np.asarray(image, dtype=float) for image in images)
        changes = [float(np.abs(other - neutral)[outside(size)].mean()) for other in others]
        return {"readings": reader.read(images), "changes": changes, "size": size}

    return observe


@cache
def outside(size: int) -> NDArray[np.bool_]:
    """Return where no emotion has anything to change: where it changes no render of 24 characters, [size, size]."""
    changed = np.zeros((size, size), dtype=bool)
    for person in characters("validation", 0, 24):
        neutral, *others = (np.asarray(image, dtype=int) for image in rendered(person, size))
        for other in others:
            changed |= np.abs(other - neutral).max(axis=2) > 8
    return ~changed


def rendered(person: Character, size: int) -> list[Image.Image]:
    """Return the artist's own sheet of a character."""
    faces = [replace(person, emotion=emotion, strength=1.0) for emotion in EMOTIONS]
    return [render(face, size) for face in (replace(person, strength=0.0), *faces)]


def figures(sheets: Sequence[Observed]) -> Named:
    """Yield how often emotions are read right, how often attributes are read as in the neutral picture, and changes.

    Intervals are of characters: each answers many times. What is kept by chance is what the neutral picture of the
    next character has in common.
    """
    yield "emotion", clusters.share(np.array([_felt(each, EMOTIONS) for each in sheets]))
    for emotion in EMOTIONS:
        yield f"emotion, {emotion}", clusters.share(np.array([_felt(each, (emotion,)) for each in sheets]))
    yield "neutral", share(each["readings"][0]["emotion"] == NEUTRAL for each in sheets)
    neutrals = [each["readings"][0] for each in sheets]
    faces = [list(zip(EMOTIONS, each["readings"][1:], strict=True)) for each in sheets]
    yield from kept(list(zip(neutrals, faces, strict=True)))
    yield "change outside, grey levels", metrics.mean([float(np.mean(each["changes"])) for each in sheets])


def _felt(observed: Observed, emotions: Sequence[str]) -> tuple[int, int]:
    read = dict(zip(EMOTIONS, (reading["emotion"] for reading in observed["readings"][1:]), strict=True))
    return sum(read[emotion] == emotion for emotion in emotions), len(emotions)


def kept(people: Sequence[Person], end: str = "") -> Named:
    """Yield how often each attribute of a character's first picture is read in its others, and the macro-average.

    Accessories count where the first picture has them: what is absent stays absent for nothing. The last figure is
    the average by chance, against the first picture of the next character. ``end`` ends each name.
    """
    counts = np.array([[_same(first, others, name) for name in KEPT] for first, others in people])
    if counts[..., 1].any():
        yield f"kept, average of attributes{end}", clusters.macro(counts)
    for number, name in enumerate(KEPT):
        yield f"kept, {name}{end}", clusters.share(counts[:, number])
    if len(people) > 1:
        firsts = [first for first, _ in people[1:]] + [people[0][0]]
        chance = [(first, others) for first, (_, others) in zip(firsts, people, strict=True)]
        by_chance = np.array([[_same(first, others, name) for name in KEPT] for first, others in chance])
        yield f"kept by chance, average of attributes{end}", clusters.macro(by_chance)


def _same(first: Reading, others: Sequence[tuple[str, Reading]], name: str) -> tuple[int, int]:
    """Return how many of a character's pictures read as the first one, and how many there are to be read.

    Pictures come with their emotion: closed eyes have no colour to be read.
    """
    if name in ACCESSORIES and first[name] == "no":
        return 0, 0
    seen = [reading for emotion, reading in others if not (name == "eye_colour" and emotion in SHUT)]
    return sum(reading[name] == first[name] for reading in seen), len(seen)


def _of_the_artist(sheets: Sequence[Observed]) -> Named:
    for name, figure in figures(sheets):
        if name in ("emotion", "kept, average of attributes", "kept, eye_colour"):
            yield f"{name}, of the artist", figure


def share(answers: Iterable[bool]) -> Figure:
    """Return how often the answer is yes."""
    found = list(answers)
    return metrics.share(sum(found), len(found))
