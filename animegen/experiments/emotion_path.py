"""How well a path leads from one emotion to another, or one emotion on to its full: paths of unseen characters.

Each figure comes with that of a cross-fade between the path's two ends, the way that needs no model: its frames
change more evenly, and are no drawings.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import torch
from PIL import Image

from animegen.chibi import judge
from animegen.chibi.artist import draw as render
from animegen.chibi.captions import choose
from animegen.chibi.character import VOCABULARY, Character, characters
from animegen.chibi.wordings import tags
from animegen.evaluation import metrics
from animegen.evaluation.metrics import Array, Figure
from animegen.evaluation.report import Report
from animegen.experiments.expression_sheet import SHUT, STATED, Person, kept, share, strip
from animegen.experiments.trial import Trial
from animegen.tasks import EmotionPath

FRAMES: Final = 9
CHANGED: Final = 16
"""Where a path's ends differ by more grey levels, something was drawn anew."""
EVEN: Final = 2.5
"""A step this many times as large as the path's mean step is a jump."""
REFERENCE: Final = 500
"""How many held-out renders frames are compared with."""
SHOWN: Final = 8
"""How many paths, the first of the run, the report shows."""

WAYS: Final = ("path", "fade")
Kind = Literal["emotion", "intensity"]

Named = Iterator[tuple[str, Figure]]
Seen = tuple[EmotionPath, Mapping[str, Any]]
"""A path's request, and what was observed of its frames."""


def measure(trial: Trial, kind: Kind = "emotion") -> Report:
    """Draw paths of characters, score them, write the report and return it.

    Paths of the kind ``emotion`` lead between two emotions, those of ``intensity`` from a neutral face to one.
    Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    people = {seed: characters(trial.split, seed, 1)[0] for seed in trial.seeds}
    tasks = {seed: request(seed, person, trial.preset, kind) for seed, person in people.items()}
    lines = trial.lines(
        {f"{kind}-{seed}-{trial.preset}": task for seed, task in tasks.items()},
        what="paths",
        sample=lambda task: strip([picture.image for picture in trial.pictures(task)]),
        observe=observer(trial.judge),
        kept=SHOWN,
    )
    drawn, faded = (
        [(task, line.observed[way]) for task, line in zip(tasks.values(), lines, strict=True)] for way in WAYS
    )
    return trial.report(
        f"{kind.capitalize()} paths of {trial.model}: {trial.scope('characters')}, {FRAMES} frames, {trial.preset}",
        lines,
        [*figures(drawn), *((f"{name}, cross-fade", figure) for name, figure in figures(faded))],
        prompts=[f"{task.prompt}: {task.from_emotion[0]} to {task.to_emotion[0]}" for task in tasks.values()][:SHOWN],
        images=trial.drawings(lines[:SHOWN]),
        columns=1,
    )


def request(seed: int, person: Character, preset: str, kind: Kind = "emotion") -> EmotionPath:
    """Return a path of a character by chance: tags that say part of it, and no emotion."""
    rng = random.Random(seed)
    words = tags(person, choose(person, rng, attribute=STATED, accessory=STATED) - {"emotion"}, rng)
    first, last = rng.sample(VOCABULARY["emotion"], 2)
    grows = kind == "intensity"
    return EmotionPath(
        prompt=", ".join(words) or "1girl",
        from_emotion=(last if grows else first,),
        to_emotion=(last,),
        from_strength=0.0 if grows else 1.0,
        to_strength=1.0,
        frames=FRAMES,
        preset=preset,
        quality="draft",
        seed=seed,
    )


def observer(reader: judge.Judge) -> Callable[[Image.Image], dict[str, Any]]:
    """Return what is observed of a row of frames, and of a cross-fade between its ends."""

    def observe(row: Image.Image) -> dict[str, Any]:
        images = [row.crop((left, 0, left + row.height, row.height)) for left in range(0, row.width, row.height)]
        return dict(zip(WAYS, (seen(reader, images), seen(reader, faded(images))), strict=True))

    return observe


def faded(images: Sequence[Image.Image]) -> list[Image.Image]:
    """Return as many pictures that lead from the first to the last by mixing their pixels."""
    return [Image.blend(images[0], images[-1], number / (len(images) - 1)) for number in range(len(images))]


def seen(reader: judge.Judge, images: Sequence[Image.Image]) -> dict[str, Any]:
    """Return what is seen in frames: words, logits of emotions, steps, distances from renders, and sharpness.

    Steps are between neighbours, in the judge's features; so are the distances, to the nearest of the reference.
    """
    pictures = judge.tensor(images)
    with torch.inference_mode():
        logits = reader(pictures)["emotion"].tolist()
    features = reader.features(pictures).numpy()
    apart = np.linalg.norm(features[:, None] - reference(reader, images[0].width)[None], axis=2).min(axis=1)
    steps = np.linalg.norm(np.diff(features, axis=0), axis=1)
    return {
        "readings": reader.read(images),
        "logits": logits,
        "steps": steps.tolist(),
        "apart": apart.tolist(),
        "sharp": sharpness(images),
    }


def sharpness(images: Sequence[Image.Image]) -> list[float]:
    """Return the mean square of each frame's Laplacian, in grey levels, where the first and the last frame differ."""
    grey = np.stack([np.asarray(image.convert("L"), dtype=float) for image in images])
    changed = (np.abs(grey[-1] - grey[0]) > CHANGED)[1:-1, 1:-1]
    around = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    squares: Array = (around - 4 * grey[:, 1:-1, 1:-1]) ** 2
    return [float(frame[changed].mean()) if changed.any() else 0.0 for frame in squares]


@cache
def reference(reader: judge.Judge, size: int) -> Array:
    """Return the features of REFERENCE held-out renders, ``(REFERENCE, 256)``."""
    people = characters("validation", 20_000, REFERENCE)
    batches = (people[first : first + 50] for first in range(0, REFERENCE, 50))
    return np.concatenate(
        [reader.features(judge.tensor([render(one, size) for one in batch])).numpy() for batch in batches]
    )


def figures(paths: Sequence[Seen]) -> Named:
    """Yield how steadily paths come to their emotion, how even their steps are, what they keep, and how sharp they are.

    The frames between are compared with the ends, which are single drawings: by their distance to renders in the
    judge's features, which hardly tells a cross-fade, and by their lines where the ends differ, which fade in one.
    """
    rises = [rank_correlation([frame[_number(task)] for frame in each["logits"]]) for task, each in paths]
    yield (
        "the end's logit rises, Spearman, median",
        metrics.bootstrap(lambda rows: float(np.median(rows)), np.array(rises)),
    )
    yield (
        "the end's emotion is read at the end",
        share(each["readings"][-1]["emotion"] == task.to_emotion[0] for task, each in paths),
    )
    yield from (pair for pair in kept([_person(path) for path in paths]) if "average" in pair[0])
    jumps = [max(each["steps"]) / (sum(each["steps"]) / len(each["steps"])) for _, each in paths]
    yield "largest step over the mean step", metrics.mean(jumps)
    yield f"paths without a step of {EVEN} times the mean", share(jump <= EVEN for jump in jumps)
    for name, key in (("distance to renders", "apart"), ("sharpness", "sharp")):
        rows = np.array([[np.mean(each[key][1:-1]), (each[key][0] + each[key][-1]) / 2] for _, each in paths])
        yield f"{name}, between over ends", metrics.bootstrap(_ratio, rows)


def rank_correlation(values: Sequence[float]) -> float:
    """Return the rank correlation of values with their order (Spearman 1904), from -1 to 1."""
    ranks = np.argsort(np.argsort(values))
    return float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1])


def _number(task: EmotionPath) -> int:
    return judge.ATTRIBUTES["emotion"].index(task.to_emotion[0])


def _person(path: Seen) -> Person:
    """Return the first frame's reading and those of the others, each with the emotion that may close its eyes."""
    task, observed = path
    first, *others = observed["readings"]
    (closing,) = task.from_emotion if {*task.from_emotion} & {*SHUT} else task.to_emotion
    return first, [(closing, reading) for reading in others]


def _ratio(rows: Array) -> float:
    return float(rows[:, 0].mean() / rows[:, 1].mean())
