"""The verbs that draw frames, and make bars and films of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from animegen.cli.drawing import Out, draw, keep, make, usable
from animegen.cli.options import asks_for
from animegen.tasks import Animation, EmotionPath, Picture

if TYPE_CHECKING:
    from animegen.films import Film

Format = Literal["none", "gif", "webp", "mp4", "zip"]
Rate = Annotated[float, typer.Option(help="Frames of the film in a second, from 1 to 30.")]
PingPong = Annotated[bool, typer.Option(help="Let the film go there and back.")]
Made = Annotated[Format, typer.Option("--film", help="What to make of the frames beside the pictures.")]


@asks_for(EmotionPath)
def emotion_path(
    task: EmotionPath,
    context: typer.Context,
    made: Made = "none",
    frame_rate: Rate = 8.0,
    ping_pong: PingPong = True,
    out: Out = Path("outputs"),
) -> None:
    """Draw what lies between two emotions: the frames, a bar of them all, and a film if you like."""
    from animegen.films import bar, wanted

    how = wanted(made, frame_rate, ping_pong)
    make(out)
    drawn = draw(context.obj(), task, out)
    typer.echo(f"bar  {keep(bar(drawn, task), out)}")
    _film(drawn, how, out)


@asks_for(Animation)
def animation(
    task: Animation,
    context: typer.Context,
    made: Made = "gif",
    frame_rate: Rate = 8.0,
    ping_pong: PingPong = True,
    out: Out = Path("outputs"),
) -> None:
    """Draw a picture through several emotions: the frames, and a film of them."""
    from animegen.films import wanted

    how = wanted(made, frame_rate, ping_pong)
    make(out)
    _film(draw(context.obj(), task, out), how, out)


def _film(drawn: Sequence[Picture], how: "Film | None", out: Path) -> None:
    from animegen.films import film
    from animegen.images import save_new

    if how:
        data = film(drawn, how)
        with usable(out):
            typer.echo(f"film  {save_new(data, out, f'{drawn[0].seed}.{how.format}')}")
