"""The verbs that draw frames, and make bars and films of them."""

from collections.abc import Sequence
from pathlib import Path

import typer

from animegen.cli.drawing import Out, draw, keep, make, usable
from animegen.cli.options import takes_fields
from animegen.cli.terminal import say
from animegen.tasks import Animation, EmotionPath, Picture


@takes_fields(EmotionPath)
def emotion_path(task: EmotionPath, context: typer.Context, out: Out = Path("outputs")) -> None:
    """Draw what lies between two emotions: the frames, a bar of them all, and a film if you like."""
    from animegen.pictures.films import bar

    make(out)
    drawn = draw(context.obj(), task, out)
    say(f"bar  {keep(bar(drawn, task), out)}")
    _save(drawn, task, out)


@takes_fields(Animation)
def animation(task: Animation, context: typer.Context, out: Out = Path("outputs")) -> None:
    """Draw a picture through several emotions: the frames, and a film of them."""
    make(out)
    _save(draw(context.obj(), task, out), task, out)


def _save(drawn: Sequence[Picture], task: EmotionPath | Animation, out: Path) -> None:
    from animegen.pictures.files import save_new
    from animegen.pictures.films import film, wanted

    if how := wanted(task.film, task.frame_rate, task.ping_pong):
        data = film(drawn, how, task)
        with usable(out):
            say(f"film  {save_new(data, out, f'{drawn[0].seed}.{how.format}')}")
