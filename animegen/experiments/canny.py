"""How well chibi draws along edges: those of renders of unseen characters, with prompts that describe them.

Each prompt is drawn twice from one seed, led by the edges and from its words alone. How far edges can be met at all
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
from animegen.experiments.sheets import reconstructed
from animegen.experiments.trial import Chibi, Trial
from animegen.models import table
from animegen.pictures import edges
from animegen.pictures.sources import digest
from animegen.studio import Studio
from animegen.tasks import Canny

SHOWN: Final = 8
"""How many prompts, the first of the run, the report shows: their edges, and beneath them both drawings."""
ROWS: Final = ("edges", "along them", "from the words alone")


@dataclass(frozen=True)
class Sitting:
    """A question whose character sits for a drawing of ``size`` pixels, and how much its edges lead the hand."""

    asked: Question
    size: int
    scale: float

    @cached_property
    def render(self) -> Image.Image:
        """The artist's picture of the character."""
        return render(self.asked.character, self.size)

    @cached_property
    def edges(self) -> Image.Image:
        """The edges that the drawing shall have."""
        return edges.trace(self.render, "photo")

    def key(self, preset: str) -> str:
        """Return a name that changes with all that the drawing depends on beside the weights."""
        return f"{self.asked.seed}-{self.scale}-{preset}-{digest(self.edges)[:12]}"

    def task(self, preset: str) -> Canny:
        """Return the request of the drawing."""
        return Canny(
            image=self.edges,
            image_kind="edges",
            conditioning_scale=self.scale,
            prompt=self.asked.prompt,
            preset=preset,
            quality="draft",
            seed=self.asked.seed,
        )


def chibi(trial: Trial, scale: float = 0.8) -> Report:
    """Draw prompts along edges and without, score both, write the report and return it.

    Raises EvaluationFailed when the folder of the report holds drawings by other code or weights, ModelUnavailable
    where chibi has no ControlNet of its own.
    """
    model, size = Chibi.here(), table.rows()["chibi"].native_size
    led = [Sitting(question(trial.split, seed), size, scale) for seed in trial.seeds]
    pairs = [sitting for one in led for sitting in (one, Sitting(one.asked, one.size, 0.0))]
    lines = trial.lines(
        {sitting.key(trial.preset): sitting for sitting in pairs},
        what="pictures",
        every=BATCH,
        sample=lambda sitting: model.studio.pictures(sitting.task(trial.preset))[0].image,
        observe=lambda image: {"reading": model.judge.read([image])[0], "edges": _packed(edges.trace(image, "photo"))},
        model=model,
        kept=2 * SHOWN,
    )
    return trial.report(
        f"chibi along edges: {trial.count} {trial.split} prompts, {trial.preset}, conditioning scale {scale}",
        lines,
        _figures(led, lines[::2], lines[1::2], model.studio),
        model=model,
        prompts=[f"{what}: {one.asked.prompt}" for what in ROWS for one in led[:SHOWN]],
        images=_sheet(led[:SHOWN], trial.drawings(lines[: 2 * SHOWN])),
        scale=scale,
    )


def _packed(lines: Image.Image) -> str:
    """Return a map as text, which ``_unpacked`` reads."""
    file = BytesIO()
    lines.convert("1").save(file, "PNG")
    return b64encode(file.getvalue()).decode()


def _unpacked(line: Line) -> Image.Image:
    """Return the edges that were observed in a drawing."""
    return Image.open(BytesIO(b64decode(line.observed["edges"]))).convert("L")


def _figures(led: Sequence[Sitting], along: Sequence[Line], alone: Sequence[Line], studio: Studio) -> Named:
    """Yield how well the edges are met, along them and from the words alone, and what is read in both drawings."""
    on = [_agreement(_unpacked(line), one) for line, one in zip(along, led, strict=True)]
    off = [_agreement(_unpacked(line), one) for line, one in zip(alone, led, strict=True)]
    yield "edge F1, along the edges", metrics.mean(on)
    yield "edge F1, from the words alone", metrics.mean(off)
    yield "edge F1, gain", metrics.mean([high - low for high, low in zip(on, off, strict=True)])
    ceiling = _ceiling(led, studio)
    yield "edge F1, what the autoencoder leaves", metrics.mean(ceiling)
    yield "share of what words leave open that edges close", metrics.bootstrap(_closed, np.array([on, off, ceiling]).T)
    answers = {what: list(_answers(led, lines)) for what, lines in zip(ROWS[1:], (along, alone), strict=True)}
    for what, found in answers.items():
        yield from ((f"{name}, {what}", figure) for name, figure in scores.attributes(found))
    yield from _gain(*answers.values())


def _gain(along: Sequence[Answer], alone: Sequence[Answer]) -> Named:
    """Yield how much more of what is stated is drawn along edges; prompts of which nothing can be seen do not count."""
    pairs = [tuple(scores.rightness(*answer) for answer in pair) for pair in zip(along, alone, strict=True)]
    if gains := [led - free for led, free in pairs if led is not None and free is not None]:
        yield "stated and right, along less from the words alone", metrics.mean(gains)


def _answers(led: Sequence[Sitting], lines: Sequence[Line]) -> list[Answer]:
    return [(one.asked, line.observed["reading"]) for one, line in zip(led, lines, strict=True)]


def _agreement(found: Image.Image, sitting: Sitting) -> float:
    return edge_f1(np.asarray(found), np.asarray(sitting.edges))


def _closed(rows: Array) -> float:
    """Return how much of the way from the words alone to the ceiling the edges lead, of rows of on, off and ceiling."""
    along, alone, ceiling = rows.mean(axis=0)
    return float((along - alone) / (ceiling - alone))


def _ceiling(led: Sequence[Sitting], studio: Studio) -> list[float]:
    """Return how well each render's own edges are met after the autoencoder."""
    parts = [led[first : first + BATCH] for first in range(0, len(led), BATCH)]
    pictures = [picture for part in parts for picture in reconstructed(studio, [one.render for one in part])]
    return [_agreement(edges.trace(picture, "photo"), one) for picture, one in zip(pictures, led, strict=True)]


def _sheet(led: Sequence[Sitting], drawn: Sequence[Image.Image]) -> list[Image.Image]:
    """Return the rows of the report's sheet: edges, drawings along them, drawings without."""
    return [*(one.edges.convert("RGB") for one in led), *drawn[::2], *drawn[1::2]]
