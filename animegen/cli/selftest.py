"""The verb that tries what must hold under faults, on this machine."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from animegen.cli.terminal import columns, say, show
from animegen.errors import TrainingFailed

selftest = typer.Typer(help="Try what must hold under faults, on this machine.", no_args_is_help=True)

Kills = Annotated[int, typer.Option(min=1, help="How many times a training is killed.")]
Seed = Annotated[int, typer.Option(min=0, help="Decides when it is killed.")]


@selftest.callback()
def _group() -> None:
    """Try what must hold under faults, on this machine."""


@selftest.command()
def resume(kills: Kills = 5, seed: Seed = 0) -> None:
    """Kill trainings at random moments, resume them, and compare all that they leave with an unbroken one.

    Exit code 1 where one ended otherwise.
    """
    from animegen.experiments.resume import measure

    with tempfile.TemporaryDirectory() as folder:
        outcome = measure(Path(folder), kills, say, seed)
    table = columns("kills", "inside a save", "in the first epoch", "runs", "killed twice", "ended otherwise")
    counts = outcome.kills, outcome.inside_save, outcome.first_epoch, outcome.runs, outcome.twice, outcome.different
    table.add_row(*map(str, counts))
    show(table)
    say(f"A run that forgot its optimizer's state ended otherwise: {'yes' if outcome.cold_differs else 'no'}.")
    if not outcome.passed:
        raise TrainingFailed("cli.resume_differs")
