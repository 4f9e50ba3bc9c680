"""What was measured, as tables for people and as JSON for the record."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from animegen.bench.machine import Machine
from animegen.bench.memory import MemoryRow
from animegen.bench.speed import SpeedRow
from animegen.bench.startup import StartupRow
from animegen.bench.timing import Comparison, median


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One run of the bench; ``memory`` and ``startup`` are None where they were not run."""

    machine: Machine
    speed: tuple[SpeedRow, ...]
    memory: MemoryRow | None
    startup: StartupRow | None


def show(report: Report, console: Console | None = None) -> None:
    """Print the report; times whose outputs do not match are not printed."""
    console = console or Console()
    machine = report.machine
    console.print(
        f"{machine.name}, {machine.threads} threads, {machine.format}, torch {machine.torch}, "
        f"diffusers {machine.diffusers}, load {machine.load}, matrices at {machine.ceiling_gflops:,.0f} GFLOP/s"
    )
    console.print(_speed(report.speed, machine))
    console.print(_memory(report.memory))
    console.print(_starts(report.startup))


def save(report: Report, folder: Path) -> Path:
    """Write the report into the folder as JSON, named by the machine, and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{re.sub('[^a-z0-9]+', '-', report.machine.name.lower()).strip('-')}.json"
    record = asdict(report) | {"speed": [asdict(row) | _derived(row) for row in report.speed]}
    file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return file


def verdict(times: Comparison) -> str:
    """Return the ratio with its interval, or why there is none."""
    if not times.quiet:
        return f"no verdict: this machine is too noisy (plain against itself {times.control:.2f})"
    low, high = times.interval
    return f"{times.ratio:.2f}x ({low:.2f} to {high:.2f}), plain against itself {times.control:.2f}"


def _derived(row: SpeedRow) -> dict[str, object]:
    times = row.times
    return {
        "ratio": times.ratio if row.match and times.quiet else None,
        "interval": times.interval if row.match and times.quiet else None,
        "control": times.control,
    }


def _speed(rows: Sequence[SpeedRow], machine: Machine) -> Table:
    columns = "outputs", "TFLOP diffusers", "studio", "diffusers", "studio", "ceiling used", "diffusers / studio"
    table = Table("figure", "task", *columns)
    for row in rows:
        counted = f"{row.plain_tflop:.4f}", f"{row.our_tflop:.4f}"
        if row.match is None:
            table.add_row(row.figure, row.task, "differ: not compared", *counted)
            continue
        plain, ours = median(row.times.plain), median(row.times.ours)
        used = row.our_tflop * 1e3 / ours / machine.ceiling_gflops
        times = f"{plain:.3f} s", f"{ours:.3f} s", f"{used:.0%}", verdict(row.times)
        table.add_row(row.figure, row.task, row.match, *counted, *times)
    return table


def _memory(row: MemoryRow | None) -> Table:
    table = Table("figure", "memory", "diffusers", "studio", "studio / diffusers")
    if row is None:
        table.add_row("B7", "not run", "", "", "")
        return table
    table.add_row("B7", f"weights: {row.task}", *_bytes(row.plain.weights, row.ours.weights))
    table.add_row("B7", "the same, all memory at its peak", *_bytes(row.plain.peak, row.ours.peak))
    return table


def _bytes(plain: int | None, ours: int | None) -> tuple[str, str, str]:
    if plain is None or ours is None:
        return "not run", "not run", ""
    return f"{plain / 1e9:.2f} GB", f"{ours / 1e9:.2f} GB", f"{ours / plain:.1%}"


def _starts(row: StartupRow | None) -> Table:
    table = Table("start", "seconds")
    page, picture = (f"{row.page_seconds:.1f}", f"{row.picture_seconds:.1f}") if row else ("not run", "not run")
    table.add_row("page answers after `python app.py`", page)
    table.add_row("first picture after that", picture)
    return table
