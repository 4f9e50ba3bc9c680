"""The bench: the studio against plain diffusers on this machine, as ratios beside equal outputs."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from animegen.errors import InvalidRequest

if TYPE_CHECKING:
    from animegen.bench.report import Report

FIGURES = ("B1", "B4", "B5", "B6", "B7", "B9")


def run(out: Path | None = None, rounds: int = 10, figures: Collection[str] = ()) -> "Report":
    """Measure, print the tables, and return the report; with ``out`` also write it there as JSON, named by the machine.

    ``rounds`` of each figure of speed are timed. ``figures`` are the only ones to measure; none means all of them, and
    the start of the app. Raises ModelUnavailable when the model's weights are missing, InvalidRequest when there is
    no such figure.
    """
    if unknown := set(figures) - set(FIGURES):
        raise InvalidRequest("bench.unknown_figure", names=tuple(sorted(unknown)), choices=FIGURES)
    from animegen.bench import canny, emotion_path, image_to_image, memory, text_to_image, training
    from animegen.bench.machine import machine
    from animegen.bench.report import Report, save, show
    from animegen.bench.startup import startup
    from animegen.settings import settings
    from animegen.studio import Studio

    studio = Studio.load(settings())
    speed = {
        "B1": (text_to_image.measure,),
        "B4": (image_to_image.measure,),
        "B5": (canny.measure,),
        "B6": (emotion_path.exact, emotion_path.shared),
        "B9": (training.measure,),
    }
    wanted = figures or FIGURES
    found = Report(
        machine=machine(studio.parts.placement),
        speed=tuple(measure(studio, rounds) for name in speed if name in wanted for measure in speed[name]),
        memory=memory.measure() if "B7" in wanted else None,
        startup=None if figures else startup(),
    )
    show(found)
    if out is not None:
        save(found, out)
    return found
