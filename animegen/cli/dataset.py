"""The verbs about folders of training pictures."""

import typer

from animegen.cli import dataset_tools, linting

dataset = typer.Typer(help="Check and prepare folders of training pictures.", no_args_is_help=True)


@dataset.callback()
def _group() -> None:
    """Check and prepare folders of training pictures."""


dataset.command()(linting.lint)
dataset.command()(dataset_tools.tag)
dataset.command()(dataset_tools.sort)
dataset.command()(dataset_tools.collect)
