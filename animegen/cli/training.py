"""The verb that trains a LoRA: the plan first, then the run, in a folder that it can be resumed from."""

from pathlib import Path
from typing import Annotated

import typer

from animegen.cli.linting import show_inspection
from animegen.cli.terminal import say
from animegen.messages import message

STOPPED = 3
"""The exit code of a run that was stopped before its end."""

Recipe = Annotated[Path, typer.Argument(help="A recipe in YAML.", show_default=False)]
Out = Annotated[Path | None, typer.Option(help="The folder of the run.", show_default="runs/NAME")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a value of the recipe: optimizer.learning_rate=1e-3."),
]
ResumeOption = Annotated[
    str | None,
    typer.Option("--resume", metavar="auto|CHECKPOINT", help="Continue the run, from its newest checkpoint or this."),
]


def train(recipe: Recipe, out: Out = None, changes: Changes = None, resume: ResumeOption = None) -> None:
    """Train a LoRA by a recipe, and export it for animegen, diffusers, PEFT, A1111 and ComfyUI.

    The plan and what the linter finds come first. Ctrl-C or SIGTERM stop after a step, with a checkpoint. Exit codes: 0
    trained to the end, 1 an error that the sentence on stderr explains, 3 stopped before the end.
    """
    from animegen.experiments.training import Session
    from animegen.training.recipe_file import read_recipe
    from animegen.training.run_folder import AdapterFolder

    read = read_recipe(recipe, changes or ())
    folder = AdapterFolder(out or Path("runs") / read.name)
    session = Session(recipe=read, folder=folder, say=say, show=show_inspection)
    if not session.run("auto" if resume == "auto" else Path(resume) if resume else None):
        say(message("cli.training_stopped", folder=folder.path))
        raise typer.Exit(STOPPED)
    say(message("cli.training_finished", folder=folder.path / "adapter"))
