"""The verb that shows the settings which a picture or a film carries."""

from pathlib import Path
from typing import Annotated

import typer

from animegen.cli.terminal import say
from animegen.errors import InvalidRequest

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="PNG, JPEG, WebP, GIF or MP4.")]


def picture_info(file: File) -> None:
    """Show the settings that a picture or a film carries, and what another program's mean here."""
    from animegen.films import settings

    if not (text := settings(file)):
        raise InvalidRequest(f"{file} carries no settings; only what animegen or a program like it saved has them.")
    say(_shown(text))
    for note in _notes(text):
        say(_shown(note), err=True)


def _notes(text: str) -> tuple[str, ...]:
    """Return what of another program's settings would be changed or left out, in sentences."""
    from animegen import infotext
    from animegen.cli.tables import chosen
    from animegen.pipelines import samplers

    found = infotext.read(text)
    return () if infotext.TASK in found.pairs else infotext.to_task(found, samplers=samplers.offered(chosen().row))[1]


def _shown(text: str) -> str:
    """Return a text without anything that a terminal would take for an order."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)
