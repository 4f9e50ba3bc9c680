"""Whether a model memorised pictures: how near its drawings come to the renders that chibi was trained on."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.chibi.build import recipe
from animegen.chibi.build.renders import artist_hash
from animegen.chibi.build.renders import render as render_all
from animegen.chibi.build.workshop import GENERATOR_SEED
from animegen.chibi.character import characters
from animegen.evaluation import distances, metrics
from animegen.evaluation.metrics import Array
from animegen.evaluation.report import Report
from animegen.experiments.evaluate import SHOWN, draw_all, request
from animegen.experiments.questions import question
from animegen.experiments.references import fill
from animegen.experiments.scores import Named
from animegen.experiments.trial import Trial

SIDE: Final = 32
"""Pixels a side of what is compared: a memorised picture is the same there, and little else is."""
PART: Final = 2_000
NEAR: Final = 0.01
"""The share of held-out renders that lie nearer to a training render than what counts as very near."""


def measure(trial: Trial, renders: int = 0) -> Report:
    """Draw prompts, find the nearest training render of each drawing, write the report and return it.

    ``renders`` is how many of the generator's training renders are compared; 0 is all of the recipe's. Renders of the
    same questions, which nothing was trained on, are measured too. Raises EvaluationFailed when the folder of the
    report holds readings by other code or weights.
    """
    questions = [question(trial.split, seed) for seed in trial.seeds]
    lines = draw_all(trial, [request(each, trial.preset) for each in questions])
    count = renders or recipe.read()["unet"].renders
    known = training_renders(trial.out, count, trial.say)
    images = trial.drawings(lines)
    others = [render(fill(each, "reference"), 2 * SIDE) for each in questions]
    return trial.report(
        f"Memory of {trial.model}: {trial.scope('prompts')}, {trial.preset}, against {count} training renders, "
        f"artist {artist_hash()[:12]}",
        lines,
        figures(distances.nearest(small(images), known), distances.nearest(small(others), known)),
        prompts=[each.prompt for each in questions[:SHOWN]],
        images=images[:SHOWN],
        renders=count,
    )


def figures(drawings: Array, renders: Array) -> Named:
    """Yield distances to the nearest training render, in grey levels, and how many drawings come very near."""
    limit = float(np.quantile(renders, NEAR))
    for name, rows in (("drawings", drawings), ("held-out renders", renders)):
        yield f"{name} to the nearest training render, median", metrics.bootstrap(_median, rows)
        yield f"{name} nearer than {1 - NEAR:.0%} of held-out renders", _share(rows < limit)


def _median(rows: Array) -> float:
    return float(np.median(rows))


def _share(answers: Array) -> metrics.Figure:
    return metrics.share(int(answers.sum()), len(answers))


def training_renders(folder: Path, count: int, say: Callable[[str], None]) -> Array:
    """Return the generator's training renders, small, ``(count, D)``; they are drawn once for a folder."""
    path = folder / f"training-{artist_hash()[:8]}-{count}-{SIDE}.npy"
    if path.exists():
        known: Array = np.load(path)
        return known
    people, found = characters("train", GENERATOR_SEED, count), []
    for first in range(0, count, PART):
        pictures = render_all(people[first : first + PART], 2 * SIDE).permute(0, 2, 3, 1).numpy()
        found.append(small([Image.fromarray(picture) for picture in pictures]))
        say(f"{min(first + PART, count)} of {count} training renders")
    rows = np.concatenate(found)
    np.save(path, rows)
    return rows


def small(images: Sequence[Image.Image]) -> Array:
    """Return pictures as rows of SIDE x SIDE x 3 grey levels."""
    reduced = [np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)) for image in images]
    return np.stack(reduced).reshape(len(images), -1)
