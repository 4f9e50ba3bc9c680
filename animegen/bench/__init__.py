"""The bench: the studio against plain diffusers on this machine, as ratios beside equal outputs."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from animegen.bench.report import Report


def run(out: Path | None = None, rounds: int = 10) -> "Report":
    """Measure, print the tables, and return the report; with ``out`` also write it there as JSON, named by the machine.

    ``rounds`` pictures of each kind are timed. Raises ModelUnavailable when the model's weights are not there.
    """
    from animegen.bench import report
    from animegen.bench.machine import machine
    from animegen.bench.picture import picture
    from animegen.bench.startup import startup
    from animegen.settings import settings
    from animegen.studio import Studio

    studio = Studio.load(settings())
    found = report.Report(machine=machine(studio.parts.placement), picture=picture(studio, rounds), startup=startup())
    report.show(found)
    if out is not None:
        report.save(found, out)
    return found
