"""How many drawings are broken, by the detector in the package, and how often it calls a sound render so."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from animegen.chibi import broken
from animegen.chibi.artist import draw as render
from animegen.chibi.broken import KINDS, Detector
from animegen.chibi.character import Character
from animegen.evaluation import metrics
from animegen.evaluation.metrics import Figure
from animegen.evaluation.report import Report
from animegen.experiments.evaluate import SHOWN, draw_all, request
from animegen.experiments.questions import question
from animegen.experiments.references import fill, reconstruct
from animegen.experiments.scores import Named
from animegen.experiments.trial import Trial, embedded_folder
from animegen.studio import Studio

Margins = dict[str, float]
"""By how much a picture is over each threshold of the detector."""


def measure(trial: Trial, detector: Path | None = None) -> Report:
    """Draw prompts, look for faults, write the report and return it; the report shows the most broken pictures first.

    ``detector`` is a file; None is the one in the package. Raises EvaluationFailed when the folder of the report
    holds readings by other code or weights, ModelUnavailable when there is no detector.
    """
    path = detector or embedded_folder() / broken.FILE
    reader = broken.load(path)
    questions = [question(trial.split, seed) for seed in trial.seeds]
    lines = draw_all(trial, [request(each, trial.preset) for each in questions])
    images, size = trial.drawings(lines), lines[0].observed["size"]
    people = [fill(each, "reference") for each in questions]
    found = read(reader, images)
    clean = read(reader, clean_renders(trial.studio, people, size))
    worst = sorted(range(len(lines)), key=lambda number: -found[number]["broken"])[:SHOWN]
    return trial.report(
        f"Broken pictures of {trial.model}: {trial.scope('prompts')}, {trial.preset}, detector {_hash(path)[:12]}",
        lines,
        [
            *rates([each.character for each in questions], found),
            *((f"{name}, of clean renders", figure) for name, figure in rates(people, clean)),
            *recalls(broken.about(path)),
        ],
        prompts=[f"{questions[number].prompt} ({faults(found[number])})" for number in worst],
        images=[images[number] for number in worst],
    )


def read(reader: Detector, images: Sequence[Image.Image]) -> list[Margins]:
    """Return what the detector finds in pictures."""
    parts = (images[first : first + 50] for first in range(0, len(images), 50))
    return [margins for part in parts for margins in reader.read(part)]


def clean_renders(studio: Studio, people: Sequence[Character], size: int) -> list[Image.Image]:
    """Return renders of characters after the model's autoencoder."""
    pictures = reconstruct(studio, [render(person, size) for person in people])
    return [Image.fromarray(picture.permute(1, 2, 0).numpy()) for picture in pictures]


def rates(people: Sequence[Character], found: Sequence[Margins]) -> Named:
    """Yield how often pictures of characters are broken, how often by each kind of fault, and sleepers by one lid."""
    yield "broken", _share([each["broken"] > 0 for each in found])
    for kind in KINDS:
        yield f"broken, {kind}", _share([kind in faults(each).split(", ") for each in found])
    sleepers = [each for person, each in zip(people, found, strict=True) if person.emotion == "sleepy"]
    yield "one-eyed sleepers", _share([each["lid"] > 0 for each in sleepers])


def faults(margins: Margins) -> str:
    """Return the names of the faults that a picture is broken by, the clearest first; empty where it is sound."""
    if margins["broken"] <= 0:
        return ""
    return ", ".join(sorted((kind for kind in KINDS if margins[kind] > 0), key=lambda kind: -margins[kind]))


def recalls(about: dict[str, Any]) -> Named:
    """Yield what the detector's own validation says: how often it finds each kind of made fault."""
    for name, figure in about.get("validation", {}).items():
        yield f"detector's validation, {name}", Figure(**figure)


def _share(answers: Sequence[bool]) -> Figure:
    return metrics.share(sum(answers), len(answers))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
