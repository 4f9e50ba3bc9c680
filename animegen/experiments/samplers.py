"""How well chibi draws with each of its samplers: the same prompts from the same seeds, read by the judge."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from animegen.evaluation import metrics
from animegen.evaluation.report import Report
from animegen.experiments import evaluate, scores
from animegen.experiments.questions import question
from animegen.experiments.scores import Answer, Named
from animegen.experiments.trial import Chibi, Trial
from animegen.models import table
from animegen.pipelines import samplers

SHOWN: Final = 6
"""How many prompts, the first of the run, the report shows: a row each, drawn by every sampler."""
NAMED: Final = ("emotion", "hair_colour", "eye_colour")
"""The attributes that have figures of their own for each sampler."""


def chibi(trial: Trial) -> Report:
    """Draw prompts with every sampler that chibi has, score them, write the report and return it.

    Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    model, names = Chibi.here(), samplers.offered(table.rows()["chibi"])
    questions = [question(trial.split, seed) for seed in trial.seeds]
    plain = [evaluate.request(asked, trial.preset) for asked in questions]
    tasks = [replace(task, sampler=name) for task in plain for name in names]
    lines = trial.lines(
        {evaluate.key(task): task for task in tasks},
        what="pictures",
        every=evaluate.BATCH,
        sample=lambda task: model.studio.pictures(task)[0].image,
        observe=lambda image: {"reading": model.judge.read([image])[0]},
        model=model,
        kept=SHOWN * len(names),
    )
    readings = [line.observed["reading"] for line in lines]
    by_sampler = [readings[place :: len(names)] for place in range(len(names))]
    answers = {name: list(zip(questions, read, strict=True)) for name, read in zip(names, by_sampler, strict=True)}
    return trial.report(
        f"chibi by sampler: {trial.count} {trial.split} prompts, {trial.preset}",
        lines,
        figures(answers),
        model=model,
        prompts=[f"{task.sampler}: {task.prompt}" for task in tasks[: SHOWN * len(names)]],
        images=trial.drawings(lines[: SHOWN * len(names)]),
        columns=len(names),
    )


def figures(answers: Mapping[str, Sequence[Answer]]) -> Named:
    """Yield, for each sampler, how much of what the prompts state is read, and of some attributes alone."""
    for sampler, answered in answers.items():
        right = [scores.rightness(asked, reading) for asked, reading in answered]
        yield f"stated and right, {sampler}", metrics.mean([each for each in right if each is not None])
        shares = dict(scores.attributes(answered))
        yield from ((f"{name}, {sampler}", shares[name]) for name in NAMED)
