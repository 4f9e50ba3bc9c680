"""The verb that checks a folder of training pictures and prints the plan of its training."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from animegen.cli.terminal import columns, say, show

if TYPE_CHECKING:
    from animegen.datasets.lint import Finding
    from animegen.datasets.recipe import DataRecipe
    from animegen.training.adapter_recipe import AdapterRecipe
    from animegen.training.inspection import Inspection

MOST_TAGS = 20
MOST_FILES = 5
"""So many are printed; --json has all."""
Layout = Literal["kohya", "folders", "metadata"]

Directory = Annotated[
    Path, typer.Argument(help="A folder of training pictures.", exists=True, file_okay=False, show_default=False)
]
Recipe = Annotated[
    Path | None, typer.Option(help="A recipe, whose settings are used for this folder.", show_default=False)
]
LayoutOption = Annotated[
    Layout | None, typer.Option(help="How the folder says what its pictures are.", show_default="guessed")
]
Json = Annotated[bool, typer.Option("--json", help="Print plan, tags and findings as JSON.")]


def lint(directory: Directory, recipe: Recipe = None, layout: LayoutOption = None, as_json: Json = False) -> None:
    """Check a folder of training pictures, and print what training would do with it.

    Exit code 1 where something has to be mended before the first step.
    """
    from animegen.models.selection import choose
    from animegen.training.inspection import inspect

    settings = _settings(directory, recipe, layout)
    found = inspect(settings, choose(settings.base).row)
    if as_json:
        say(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
    else:
        if recipe is None:
            say(f"Without --recipe: default settings, the model {settings.base}, layout {settings.data.layout}.\n")
        show_inspection(found)
    if found.failed:
        raise typer.Exit(1)


def show_inspection(found: "Inspection") -> None:
    """Print the plan, the commonest tags, and what the linter finds."""
    if found.plan:
        from animegen.cli.plans import show_plan

        show_plan(found.plan)
        say("")
    if found.tags:
        _show_tags(found)
    for each in found.findings:
        _show_finding(each, found.recipe)
    counts = [sum(each.level == level for each in found.findings) for level in ("error", "warning", "note")]
    say("Errors: {}, warnings: {}, notes: {}.".format(*counts))


def _settings(directory: Path, recipe: Path | None, layout: Layout | None) -> "AdapterRecipe":
    """Return the recipe, or a default one, with its data in the folder."""
    from animegen.datasets.layouts import guess
    from animegen.datasets.recipe import DataRecipe
    from animegen.training.adapter_recipe import AdapterRecipe
    from animegen.training.recipe_file import read_recipe

    if recipe is None:
        return AdapterRecipe(name="lora", data=DataRecipe(folder=directory, layout=layout or guess(directory)))
    read = read_recipe(recipe)
    changes = {"folder": directory, "layout": layout or read.data.layout}
    return read.model_copy(update={"data": read.data.model_copy(update=changes)})


def _show_tags(found: "Inspection") -> None:
    """Print in how many captions the commonest tags stand."""
    table = columns("tag", "captions", "share")
    for tag, count in list(found.tags.items())[:MOST_TAGS]:
        table.add_row(tag, str(count), f"{count / found.captions:.0%}")
    show(table)
    say(f"(and {len(found.tags) - MOST_TAGS} more tags)\n" if len(found.tags) > MOST_TAGS else "")


def _show_finding(finding: "Finding", recipe: "DataRecipe") -> None:
    from animegen.datasets.lint import within

    paths = [within(path, recipe) for path in finding.paths]
    more = f" and {len(paths) - MOST_FILES} more" if len(paths) > MOST_FILES else ""
    say(f"{finding.level}: {finding.message}")
    if paths:
        say(f"  files: {', '.join(paths[:MOST_FILES])}{more}")
    say(f"  fix: {finding.fix}\n")
