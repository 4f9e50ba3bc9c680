"""How well a model draws along edges: those of renders of unseen characters, with prompts that describe them.

Each prompt is drawn twice from one seed, along the edges and from its words alone. How far edges can be met at all
is what the autoencoder leaves of them.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.evaluation import metrics
from animegen.evaluation.contours import edge_f1
from animegen.evaluation.metrics import Array
from animegen.evaluation.report import Report
from animegen.evaluation.run import Line
from animegen.experiments import scores
from animegen.experiments.evaluate import BATCH
from animegen.experiments.questions import Question, question
from animegen.experiments.scores import Answer, Named
from animegen.experiments.sheets import reconstructed_images
from animegen.experiments.trial import Trial
from animegen.pictures import edges
from animegen.pictures.sources import digest
from animegen.studio import Studio
from animegen.tasks import Canny

SHOWN: Final = 8
"""How many prompts, the first of the run, the report shows: their edges, and beneath them both drawings."""
ROWS: Final = ("edges", "along them", "from the words alone")


@dataclass(frozen=True)
class EdgeCase:
    """A question, the side in pixels of the drawing, and the conditioning scale of its character's edges."""

    question: Question
    size: int
    scale: float

    @cached_property
    def render(self) -> Image.Image:
        """The artist's picture of the character."""
        return render(self.question.character, self.size)

    @cached_property
    def edges(self) -> Image.Image:
        """The edges that the drawing follows."""
        return edges.trace(self.render, "photo")

    def key(self, preset: str) -> str:
        """Return a name that changes with all that the drawing depends on apart from the weights."""
        return f"{self.question.seed}-{self.scale}-{preset}-{digest(self.edges)[:12]}"

    def task(self, preset: str) -> Canny:
        """Return the request of the drawing."""
        return Canny(
            image=self.edges,
            image_kind="edges",
            conditioning_scale=self.scale,
            prompt=self.question.prompt,
            preset=preset,
            quality="draft",
            seed=self.question.seed,
        )


def measure(trial: Trial, scale: float = 0.8) -> Report:
    """Draw prompts along edges and without, score both, write the report and return it.

    Raises EvaluationFailed when the folder of the report holds drawings by other code or weights, ModelUnavailable
    where the model has no ControlNet of its own.
    """
    size = trial.studio.row.native_size
    cases = [EdgeCase(question(trial.split, seed), size, scale) for seed in trial.seeds]
    pairs = [case for each in cases for case in (each, EdgeCase(each.question, each.size, 0.0))]
    lines = trial.lines(
        {case.key(trial.preset): case for case in pairs},
        what="pictures",
        every=BATCH,
        sample=lambda case: trial.picture(case.task(trial.preset)),
        observe=lambda image: {"reading": trial.judge.read([image])[0], "edges": _pack(edges.trace(image, "photo"))},
        kept=2 * SHOWN,
    )
    return trial.report(
        f"{trial.model} along edges: {trial.scope('prompts')}, {trial.preset}, conditioning scale {scale}",
        lines,
        _figures(cases, lines[::2], lines[1::2], trial.studio),
        prompts=[f"{what}: {each.question.prompt}" for what in ROWS for each in cases[:SHOWN]],
        images=_sheet(cases[:SHOWN], trial.drawings(lines[: 2 * SHOWN])),
        scale=scale,
    )


def _pack(lines: Image.Image) -> str:
    """Return a map as text, which ``_unpack`` reads."""
    file = BytesIO()
    lines.convert("1").save(file, "PNG")
    return b64encode(file.getvalue()).decode()


def _unpack(line: Line) -> Image.Image:
    """Return the edges that were observed in a drawing."""
    return Image.open(BytesIO(b64decode(line.observed["edges"]))).convert("L")


def _figures(cases: Sequence[EdgeCase], along: Sequence[Line], alone: Sequence[Line], studio: Studio) -> Named:
    """Yield how well the edges are met, along them and from the words alone, and what is read in both drawings."""
    on = [_agreement(_unpack(line), one) for line, one in zip(along, cases, strict=True)]
    off = [_agreement(_unpack(line), one) for line, one in zip(alone, cases, strict=True)]
    yield "edge F1, along the edges", metrics.mean(on)
    yield "edge F1, from the words alone", metrics.mean(off)
    yield "edge F1, gain", metrics.mean([high - low for high, low in zip(on, off, strict=True)])
    ceiling = _ceiling(cases, studio)
    yield "edge F1, what the autoencoder leaves", metrics.mean(ceiling)
    yield "share of what words leave open that edges close", metrics.bootstrap(_closed, np.array([on, off, ceiling]).T)
    answers = {what: list(_answers(cases, lines)) for what, lines in zip(ROWS[1:], (along, alone), strict=True)}
    for what, found in answers.items():
        yield from ((f"{name}, {what}", figure) for name, figure in scores.attributes(found))
    yield from _gain(*answers.values())


def _gain(along: Sequence[Answer], alone: Sequence[Answer]) -> Named:
    """Yield how much more of what is stated is drawn along edges; prompts of which nothing can be seen do not count."""
    pairs = [tuple(scores.rightness(*answer) for answer in pair) for pair in zip(along, alone, strict=True)]
    if gains := [led - free for led, free in pairs if led is not None and free is not None]:
        yield "stated and right, along less from the words alone", metrics.mean(gains)


def _answers(cases: Sequence[EdgeCase], lines: Sequence[Line]) -> list[Answer]:
    return [(one.question, line.observed["reading"]) for one, line in zip(cases, lines, strict=True)]


def _agreement(found: Image.Image, case: EdgeCase) -> float:
    return edge_f1(np.asarray(found), np.asarray(case.edges))


def _closed(rows: Array) -> float:
    """Return how much of the way from the words alone to the ceiling the edges lead, of rows of on, off and ceiling."""
    along, alone, ceiling = rows.mean(axis=0)
    return float((along - alone) / (ceiling - alone))


def _ceiling(cases: Sequence[EdgeCase], studio: Studio) -> list[float]:
    """Return how well each render's own edges are met after the autoencoder."""
    parts = [cases[first : first + BATCH] for first in range(0, len(cases), BATCH)]
    pictures = [picture for part in parts for picture in reconstructed_images(studio, [one.render for one in part])]
    return [_agreement(edges.trace(picture, "photo"), one) for picture, one in zip(pictures, cases, strict=True)]


def _sheet(cases: Sequence[EdgeCase], drawn: Sequence[Image.Image]) -> list[Image.Image]:
    """Return the rows of the report's sheet: edges, drawings along them, drawings without."""
    return [*(one.edges.convert("RGB") for one in cases), *drawn[::2], *drawn[1::2]]
