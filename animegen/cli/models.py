"""The verbs about models: which there are, and one prepared for this machine."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from animegen.cli import tables
from animegen.cli.terminal import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from animegen.models.cache import Source

models = typer.Typer(help="Show the models, or download one.")

Name = Annotated[str, typer.Argument(help="A name of `animegen models`.", show_default=False)]
Update = Annotated[bool, typer.Option("--update", help="Take the newest revision instead of the locked one.")]


@models.callback(invoke_without_command=True)
def _group(context: typer.Context, as_json: tables.Json = False) -> None:
    """Show the models with the memory they need here, and which one draws here and why; or download one."""
    if context.invoked_subcommand is None:
        tables.models(as_json=as_json)


@models.command()
def pull(name: Name, update: Update = False) -> None:
    """Download all that a model needs, with its ControlNet, LCM-LoRA and preview decoder, and lock its revisions.

    With the extra `matting` also what cuts sprites out. What is here already is verified against the lock. Afterwards
    the model needs no network.
    """
    from animegen.models.cache import HUB
    from animegen.models.device import here

    pull_from(HUB, name, half=here().half, update=update)


def pull_from(source: "Source", name: str, *, half: bool, update: bool) -> None:
    """Download a model from a Hub, a bar and then a sentence for each of its repositories."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from animegen.models import matting
    from animegen.models.download import pull, repositories
    from animegen.models.selection import choose

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    for repository, parts in repositories(choose(name, source=source).row):
        named = matting.LABEL if repository == matting.REPOSITORY else repository
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            shown = bar.add_task(named, total=None)
            report = partial(_move, bar, shown)
            said = pull(repository, parts, half=half, update=update, report=report, source=source)
        say(said)


def _move(bar: "Progress", shown: "TaskID", done: int, total: int) -> None:
    bar.update(shown, completed=done, total=total)
