"""The verb that draws an expression sheet: a labelled page, and sprites as a folder or a zip for a game."""

from pathlib import Path
from typing import Annotated

import typer

from animegen.cli.drawing import Out, drawn, keep, make, usable
from animegen.cli.options import takes_fields
from animegen.cli.terminal import say
from animegen.tasks import ExpressionSheet

Zip = Annotated[bool, typer.Option("--zip", help="Pack the sprites into one file instead of a folder.")]


@takes_fields(ExpressionSheet)
def expression_sheet(
    task: ExpressionSheet,
    context: typer.Context,
    packed: Zip = False,
    out: Out = Path("outputs"),
) -> None:
    """Draw a character in every emotion: a labelled page, and sprites for Ren'Py."""
    from animegen.pictures.files import new_folder, save_new
    from animegen.pictures.sprites import archive, check, files, page

    check(character := task.character)
    make(out)
    pictures = drawn(context.obj(), task, lambda _: None)
    say(f"seed {pictures[0].seed}  {keep(page(pictures, task), out)}")
    with usable(out):
        if packed:
            say(f"sprites  {save_new(archive(pictures, character), out, f'{character}.zip')}")
            return
        folder = new_folder(out, character)
        for name, content in files(pictures, character).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        say(f"sprites  {folder}")
