"""The verbs that draw frames, and make bars and films of them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from animegen.cli.drawing import Out, draw, keep, make, usable
from animegen.cli.options import asks_for
from animegen.cli.terminal import say
from animegen.tasks import Animation, EmotionPath, Picture

if TYPE_CHECKING:
    from animegen.pictures.films import Film

Format = Literal["none", "gif", "webp", "mp4", "zip"]


def filming(
    made: Annotated[Format, typer.Option("--film", help="What to make of the frames beside the pictures.")],
    frame_rate: Annotated[float, typer.Option(help="Frames of the film in a second, from 1 to 30.")] = 8.0,
    ping_pong: Annotated[bool, typer.Option(help="Let the film go there and back.")] = True,
) -> "Film | None":
    """Return the film that is asked for."""
    from animegen.pictures.films import wanted

    return wanted(made, frame_rate, ping_pong)


@asks_for(EmotionPath, film=partial(filming, made="none"))
def emotion_path(task: EmotionPath, context: typer.Context, film: "Film | None", out: Out = Path("outputs")) -> None:
    """Draw what lies between two emotions: the frames, a bar of them all, and a film if you like."""
    from animegen.pictures.films import bar

    make(out)
    drawn = draw(context.obj(), task, out)
    say(f"bar  {keep(bar(drawn, task), out)}")
    _save(drawn, film, task, out)


@asks_for(Animation, film=partial(filming, made="gif"))
def animation(task: Animation, context: typer.Context, film: "Film | None", out: Out = Path("outputs")) -> None:
    """Draw a picture through several emotions: the frames, and a film of them."""
    make(out)
    _save(draw(context.obj(), task, out), film, task, out)


def _save(drawn: Sequence[Picture], how: "Film | None", task: EmotionPath | Animation, out: Path) -> None:
    from animegen.pictures.files import save_new
    from animegen.pictures.films import film

    if how:
        data = film(drawn, how, task)
        with usable(out):
            say(f"film  {save_new(data, out, f'{drawn[0].seed}.{how.format}')}")
