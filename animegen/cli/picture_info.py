"""The verb that shows the settings which a picture or a film carries."""

from pathlib import Path
from typing import Annotated

import typer

from animegen.cli.terminal import say
from animegen.errors import InvalidRequest

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="PNG, JPEG, WebP, GIF or MP4.")]


def picture_info(file: File) -> None:
    """Show the settings that a picture or a film carries, and what they mean here."""
    from animegen.pictures.films import settings

    if not (text := settings(file)):
        raise InvalidRequest("cli.no_settings", file=file)
    say(_shown(text))
    for note in _notes(text):
        say(_shown(note), err=True)


def _notes(text: str) -> tuple[str, ...]:
    """Return what of the settings would be changed or left out by the model that draws here, in sentences."""
    from animegen.cli.tables import chosen
    from animegen.lora_files import Offers
    from animegen.pictures import infotext
    from animegen.pipelines import samplers
    from animegen.settings import settings

    found, row = infotext.read(text), chosen().row
    known = Offers.here(settings().loras).of(row.lora_base)
    _, notes = infotext.to_task(found, samplers=samplers.offered(row), loras=known, model=row.name)
    return tuple(str(note) for note in notes if note != infotext.WORDS_ALONE or infotext.TASK not in found.pairs)


def _shown(text: str) -> str:
    """Return a text without anything that a terminal would take for an order."""
    lines = text.replace("\r\n", "\n")
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in lines)
