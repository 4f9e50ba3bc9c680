"""How well a model draws with each of its samplers: the same prompts from the same seeds, read by the judge."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from animegen.evaluation import metrics
from animegen.evaluation.report import Report
from animegen.experiments import evaluate, scores
from animegen.experiments.questions import question
from animegen.experiments.scores import Answer, Named
from animegen.experiments.trial import Trial
from animegen.pipelines import samplers

SHOWN: Final = 6
"""How many prompts, the first of the run, the report shows: a row each, drawn by every sampler."""
NAMED: Final = ("emotion", "hair_colour", "eye_colour")
"""The attributes that have figures of their own for each sampler."""


def measure(trial: Trial) -> Report:
    """Draw prompts with every sampler that the model has, score them, write the report and return it.

    Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    names = samplers.offered(trial.studio.row)
    questions = [question(trial.split, seed) for seed in trial.seeds]
    plain = [evaluate.request(each, trial.preset) for each in questions]
    tasks = [replace(task, sampler=name) for task in plain for name in names]
    lines = trial.lines(
        {evaluate.key(task): task for task in tasks},
        what="pictures",
        every=evaluate.BATCH,
        sample=trial.picture,
        observe=lambda image: {"reading": trial.judge.read([image])[0]},
        kept=SHOWN * len(names),
    )
    readings = [line.observed["reading"] for line in lines]
    by_sampler = [readings[place :: len(names)] for place in range(len(names))]
    answers = {name: list(zip(questions, read, strict=True)) for name, read in zip(names, by_sampler, strict=True)}
    return trial.report(
        f"{trial.model} by sampler: {trial.scope('prompts')}, {trial.preset}",
        lines,
        figures(answers),
        prompts=[f"{task.sampler}: {task.prompt}" for task in tasks[: SHOWN * len(names)]],
        images=trial.drawings(lines[: SHOWN * len(names)]),
        columns=len(names),
    )


def figures(answers: Mapping[str, Sequence[Answer]]) -> Named:
    """Yield, for each sampler, how much of what the prompts state is read, and of some attributes alone."""
    for sampler, answered in answers.items():
        right = [scores.rightness(*answer) for answer in answered]
        yield f"stated and right, {sampler}", metrics.mean([each for each in right if each is not None])
        shares = dict(scores.attributes(answered))
        yield from ((f"{name}, {sampler}", shares[name]) for name in NAMED)
