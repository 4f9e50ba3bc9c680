"""How well a model draws what prompts state: prompts of the examination, read by the judge.

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
from animegen.experiments.references import fill
from animegen.experiments.scores import Named
from animegen.experiments.trial import Trial
from animegen.tasks import TextToImage

SHOWN: Final = 32
"""How many pictures, the first of the run, the report shows."""
BATCH: Final = 50


def measure(trial: Trial, negatives: int = 0) -> Report:
    """Draw prompts, score them, write the report and return it.

    ``negatives`` of the prompts are drawn once more with a word in the negative prompt.
    Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    questions = [question(trial.split, seed) for seed in trial.seeds]
    avoided = list(islice(avoidances(questions), negatives))
    tasks = [request(each, trial.preset) for each in questions]
    tasks += [replace(request(one.question, trial.preset), negative_prompt=one.negative) for one in avoided]
    lines = draw_all(trial, tasks)
    return trial.report(
        f"{trial.model}: {trial.scope('prompts')}, {trial.preset}",
        lines,
        _figures(questions, avoided, lines, trial.judge),
        prompts=[each.prompt for each in questions[:SHOWN]],
        images=trial.drawings(lines[: trial.count][:SHOWN]),
        negatives=negatives,
    )


def draw_all(trial: Trial, tasks: Sequence[TextToImage]) -> list[Line]:
    """Draw and observe tasks; all pictures are kept, so that other instruments may look at the same ones."""
    return trial.lines(
        {key(task): task for task in tasks},
        what="pictures",
        every=BATCH,
        sample=trial.picture,
        observe=observer(trial.judge),
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
        seeds = [each.seed for each in questions]
        yield from scores.avoided(avoided, dict(zip(seeds, plain, strict=True)), without)
    yield from against_renders(questions, lines[: len(questions)], reader)


def request(question: Question, preset: str) -> TextToImage:
    """Return the request of a question."""
    return TextToImage(prompt=question.prompt, preset=preset, quality="draft", seed=question.seed)


def key(task: TextToImage) -> str:
    """Return the seed of a task and a hash of all its fields."""
    return f"{task.seed}-{hashlib.sha256(repr(task).encode()).hexdigest()[:12]}"


def against_renders(questions: Sequence[Question], lines: Sequence[Line], reader: judge.Judge) -> Named:
    """Yield FID, KID and MIND of the drawn pictures against renders of the same questions, in the judge's features.

    What a question leaves open is random. The artist's floor is the distance of renders with other random choices, as
    a perfect model would have it. A distance for which the pictures are too few is left out.
    """
    count, size = len(lines), lines[0].observed["size"]
    reference, floor = (
        _features(reader, [fill(each, name) for each in questions], size) for name in ("reference", "floor")
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
