"""How well chibi draws what it is asked for: prompts it never saw, read by the judge.

A broken run resumes: each picture's reading is a line in the run folder, and lines of other weights are refused.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

import numpy as np
from PIL import Image

from animegen.chibi import judge
from animegen.chibi.artist import draw as render
from animegen.chibi.character import Character
from animegen.evaluation import distances
from animegen.evaluation.metrics import Array
from animegen.evaluation.report import Report
from animegen.evaluation.run import Line
from animegen.experiments import scores
from animegen.experiments.questions import Avoidance, Question, avoidances, question
from animegen.experiments.references import filled
from animegen.experiments.scores import Named
from animegen.experiments.trial import Chibi, Trial
from animegen.studio import Studio
from animegen.tasks import Picture, TextToImage

SHOWN: Final = 32
"""How many pictures, the first of the run, the report shows."""
BATCH: Final = 50


def chibi(trial: Trial, negatives: int = 0) -> Report:
    """Draw prompts, score them, write the report and return it.

    ``negatives`` of the prompts are drawn once more with a word in the negative prompt.
    Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    model = Chibi.here()
    questions = [question(trial.split, seed) for seed in trial.seeds]
    avoided = list(islice(avoidances(questions), negatives))
    tasks = [request(asked, trial.preset) for asked in questions]
    tasks += [replace(request(one.question, trial.preset), negative_prompt=one.negative) for one in avoided]
    lines = drawn(trial, model, tasks)
    return trial.report(
        f"chibi: {trial.count} {trial.split} prompts, {trial.preset}",
        lines,
        _figures(questions, avoided, lines, model.judge),
        model=model,
        prompts=[asked.prompt for asked in questions[:SHOWN]],
        images=trial.drawings(lines[: trial.count][:SHOWN]),
        negatives=negatives,
    )


def drawn(trial: Trial, model: Chibi, tasks: Sequence[TextToImage]) -> list[Line]:
    """Draw and observe tasks; all pictures are kept, so that other instruments may look at the same ones."""
    return trial.lines(
        {key(task): task for task in tasks},
        what="pictures",
        every=BATCH,
        sample=lambda task: model.studio.pictures(task)[0].image,
        observe=observer(model.judge),
        model=model,
        kept=len(tasks),
    )


def observer(reader: judge.Judge) -> Callable[[Image.Image], dict[str, Any]]:
    """Return what is observed of a picture: its reading, its features and its size."""

    def observe(image: Image.Image) -> dict[str, Any]:
        features = np.round(reader.features(judge.tensor([image]))[0].numpy().astype(float), 4)
        return {"reading": reader.read([image])[0], "features": features.tolist(), "size": image.width}

    return observe


def _figures(
    questions: list[Question], avoided: Sequence[Avoidance], lines: Sequence[Line], reader: judge.Judge
) -> Named:
    """Yield all figures; the lines are those of the questions, then those of the avoidances."""
    readings = [line.observed["reading"] for line in lines]
    plain, without = readings[: len(questions)], readings[len(questions) :]
    yield from scores.figures(list(zip(questions, plain, strict=True)))
    if avoided:
        seeds = [asked.seed for asked in questions]
        yield from scores.avoided(avoided, dict(zip(seeds, plain, strict=True)), without)
    yield from against_renders(questions, lines[: len(questions)], reader)


def draw(studio: Studio, asked: Question, preset: str) -> Picture:
    """Return the picture of a question."""
    return studio.pictures(request(asked, preset))[0]


def request(asked: Question, preset: str) -> TextToImage:
    """Return the request of a question."""
    return TextToImage(prompt=asked.prompt, preset=preset, quality="draft", seed=asked.seed)


def key(task: TextToImage) -> str:
    """Return the seed of a task and a hash of all it asks for."""
    return f"{task.seed}-{hashlib.sha256(repr(task).encode()).hexdigest()[:12]}"


def against_renders(questions: Sequence[Question], lines: Sequence[Line], reader: judge.Judge) -> Named:
    """Yield FID, KID and MIND of the drawn pictures against renders of the same questions, in the judge's features.

    What a question leaves open is filled by chance. Beside them stands the artist's floor: those of renders filled by
    another chance, which is what a perfect model would have. A distance for which the pictures are too few is left out.
    """
    count, size = len(lines), lines[0].observed["size"]
    reference, floor = (
        _features(reader, [filled(asked, fill) for asked in questions], size) for fill in ("reference", "floor")
    )
    sets = {"": np.array([line.observed["features"] for line in lines]), ", the artist's floor": floor}
    for end, features in sets.items():
        if count > features.shape[1]:
            yield f"FID{end}", distances.frechet(features, reference)
        if count >= 2 * distances.SUBSETS:
            yield f"KID{end}", distances.kernel_distance(features, reference)
        if count > 1:
            yield f"MIND{end}", distances.sliced(features, reference)


def _features(reader: judge.Judge, people: Sequence[Character], size: int) -> Array:
    """Return the judge's features of renders of the characters, ``(N, D)``."""
    parts = (people[first : first + BATCH] for first in range(0, len(people), BATCH))
    tensors = (judge.tensor([render(person, size) for person in part]) for part in parts)
    return np.concatenate([reader.features(pictures).numpy() for pictures in tensors])
