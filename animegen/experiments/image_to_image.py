"""How well a picture keeps its character when it is drawn anew in another emotion, without words for it.

The pictures are the artist's own, of unseen characters. Each is drawn twice from one seed: with the words for what the
picture shows, as every visitor's is, and with the emotion alone.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PIL import Image

from animegen.chibi import judge
from animegen.chibi.artist import draw as render
from animegen.chibi.character import VOCABULARY, Character, characters
from animegen.evaluation.metrics import Figure
from animegen.evaluation.report import Report
from animegen.experiments.expression_sheet import kept, share, strip
from animegen.experiments.trial import Trial
from animegen.tasks import ImageToImage

SHOWN: Final = 8
"""How many rows, the first of the run, the report shows: picture, drawing, and drawing from the emotion alone."""
ENDS: Final = ("", ", told the emotion alone")
"""What a figure's name ends with, by the drawing that it is of."""

Named = Iterator[tuple[str, Figure]]


def measure(trial: Trial, strength: float = 0.6) -> Report:
    """Draw pictures of characters anew, score them, write the report and return it.

    Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    size = trial.studio.row.native_size
    people = {seed: characters(trial.split, seed, 1)[0] for seed in trial.seeds}
    tasks = {seed: request(seed, person, size, trial.preset, strength) for seed, person in people.items()}
    lines = trial.lines(
        {f"{seed}-{strength}-{trial.preset}": task for seed, task in tasks.items()},
        what="pictures",
        every=10,
        sample=lambda task: row(trial, task),
        observe=lambda row: {"readings": _read(trial.judge, row)},
        kept=SHOWN,
    )
    return trial.report(
        f"Pictures drawn anew by {trial.model}: {trial.scope('characters')}, strength {strength}, {trial.preset}",
        lines,
        figures([task.emotion for task in tasks.values()], [line.observed for line in lines]),
        prompts=[task.emotion for task in tasks.values()][:SHOWN],
        images=trial.drawings(lines[:SHOWN]),
        columns=2,
        strength=strength,
    )


def request(seed: int, person: Character, size: int, preset: str, strength: float) -> ImageToImage:
    """Return the request that draws a character's neutral picture anew in an emotion by chance, without words."""
    return ImageToImage(
        image=render(replace(person, strength=0.0), size),
        emotion=random.Random(seed).choice(VOCABULARY["emotion"]),
        emotion_strength=0.8,
        strength=strength,
        preset=preset,
        quality="draft",
        seed=seed,
    )


def row(trial: Trial, task: ImageToImage) -> Image.Image:
    """Return the picture of a request and both drawings."""
    drawings = [picture.image for each in (task, _alone(task)) for picture in trial.pictures(each)]
    return strip([task.image, *drawings])


def _alone(task: ImageToImage) -> ImageToImage:
    """Return the request with the emotion as its final prompt, to which nothing is added."""
    return replace(task, final_prompt=task.emotion)


def _read(reader: judge.Judge, row: Image.Image) -> list[dict[str, str]]:
    size = row.height
    return reader.read([row.crop((left, 0, left + size, size)) for left in range(0, row.width, size)])


def figures(emotions: Sequence[str], observed: Sequence[Mapping[str, Any]]) -> Named:
    """Yield how often the emotion is read, and how often each attribute is read as in the picture, of both drawings."""
    for place, end in enumerate(ENDS, start=1):
        rows = [
            (emotion, each["readings"][0], each["readings"][place])
            for emotion, each in zip(emotions, observed, strict=True)
        ]
        yield f"emotion{end}", share(drawn["emotion"] == emotion for emotion, _, drawn in rows)
        yield from kept([(source, [(emotion, drawn)]) for emotion, source, drawn in rows], end)
