"""What was measured, as tables for people and as JSON for the record."""

import json
import re
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
    """Print the figures that were run, a table each; times whose outputs do not match are not printed."""
    console = console or Console()
    machine = report.machine
    console.print(
        f"{machine.name}, {machine.threads} threads, {machine.format}, torch {machine.torch}, "
        f"diffusers {machine.diffusers}, load {machine.load}, matrices at {machine.ceiling_gflops:,.0f} GFLOP/s"
    )
    for row in report.speed:
        console.print(f"\n{row.figure}: {row.task}", _speed(row, machine), _told(row), sep="\n")
    if report.memory:
        console.print(f"\nB7: {report.memory.task}", _memory(report.memory), sep="\n")
    if report.startup:
        console.print("", _starts(report.startup), sep="\n")


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


def _speed(row: SpeedRow, machine: Machine) -> Table:
    table = Table("", "diffusers", "studio", "diffusers / studio")
    counted = row.plain_tflop, row.our_tflop
    table.add_row("TFLOP", *(f"{each:.4f}" for each in counted), f"{counted[0] / counted[1]:.2f}x")
    if row.match is None:
        return table
    plain, ours = median(row.times.plain), median(row.times.ours)
    table.add_row("seconds", f"{plain:.3f}", f"{ours:.3f}", f"{row.times.ratio:.2f}x" if row.times.quiet else "")
    used = (
        f"{tflop * 1e3 / each / machine.ceiling_gflops:.0%}" for tflop, each in zip(counted, (plain, ours), strict=True)
    )
    table.add_row("of the matrices' speed", *used, "")
    return table


def _told(row: SpeedRow) -> str:
    """Return in words how equal the outputs are, and what the ratio of the seconds is worth."""
    return f"outputs: {row.match}; {verdict(row.times)}" if row.match else "outputs differ: not compared"


def _memory(row: MemoryRow) -> Table:
    table = Table("memory", "diffusers", "studio", "studio / diffusers")
    table.add_row("weights", *_bytes(row.plain.weights, row.ours.weights))
    table.add_row("all memory at its peak", *_bytes(row.plain.peak, row.ours.peak))
    return table


def _bytes(plain: int | None, ours: int | None) -> tuple[str, str, str]:
    if plain is None or ours is None:
        return "not known", "not known", ""
    return f"{plain / 1e9:.2f} GB", f"{ours / 1e9:.2f} GB", f"{ours / plain:.1%}"


def _starts(row: StartupRow) -> Table:
    table = Table("start", "seconds")
    table.add_row("page answers after `python app.py`", f"{row.page_seconds:.1f}")
    table.add_row("first picture after that", f"{row.picture_seconds:.1f}")
    return table
