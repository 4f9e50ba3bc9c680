"""The verbs that draw: a bar while it draws, then a line for each picture with its seed and its file."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from animegen.cli.options import asks_for
from animegen.cli.studio import Studio
from animegen.errors import DrawingFailed
from animegen.tasks import Picture, Preview, Task, TextToImage

Out = Annotated[Path, typer.Option(help="The folder for the pictures; nothing in it is overwritten.")]


@asks_for(TextToImage)
def text_to_image(task: TextToImage, context: typer.Context, out: Out = Path("outputs")) -> None:
    """Draw a character from words."""
    _make(out)
    draw(context.obj(), task, out)


def draw(studio: Studio, task: Task, out: Path) -> None:
    """Draw the task into the folder, and print seed and file of each picture.

    Ctrl-C stops within one step and leaves with code 130.
    """
    screen = Console(stderr=True)
    saved: list[Path] = []
    notes: dict[str, None] = {}
    try:
        with closing(studio.run(task)) as events, Progress(console=screen, disable=not screen.is_terminal) as bar:
            line = bar.add_task("drawing", total=None)
            for event in events:
                if isinstance(event, Preview):
                    bar.update(line, completed=event.step, total=event.steps)
                else:
                    bar.stop()  # A running bar would take the lines that belong to stdout.
                    saved.append(_save(event, out))
                    typer.echo(f"seed {event.seed}  {saved[-1]}")
                    notes |= dict.fromkeys(event.notes)
    except KeyboardInterrupt:
        typer.echo(f"Stopped; {len(saved)} of {task.count} pictures are saved.", err=True)
        raise typer.Exit(130) from None
    for note in notes:
        typer.echo(note, err=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error


def _save(picture: Picture, folder: Path) -> Path:
    from animegen.images import save_png

    try:
        return save_png(picture, folder)
    except OSError as error:
        raise _unusable(folder, error) from error


def _unusable(folder: Path, error: OSError) -> DrawingFailed:
    return DrawingFailed(f"Nothing can be saved in {folder}: {error.strerror}; choose another folder with --out.")
