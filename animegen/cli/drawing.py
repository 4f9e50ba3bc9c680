"""The verbs that draw: a bar while it draws, then a line for each picture with its seed and its file."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from animegen.cli.options import takes_fields
from animegen.cli.terminal import say
from animegen.errors import DrawingFailed, InvalidRequest
from animegen.messages import Text, message
from animegen.tasks import Canny, ImageToImage, Picture, Preview, Task, TextToImage

if TYPE_CHECKING:
    from animegen.studio.protocol import StudioProtocol

Out = Annotated[Path, typer.Option(help="The folder for the pictures; nothing in it is overwritten.")]
Kind = Annotated[Literal["png", "jpg", "webp"], typer.Option("--format", help="How to save; png loses nothing.")]


@takes_fields(TextToImage)
def text_to_image(task: TextToImage, context: typer.Context, out: Out = Path("outputs"), kind: Kind = "png") -> None:
    """Draw a character from words."""
    make(out)
    draw(context.obj(), task, out, kind)


@takes_fields(ImageToImage)
def image_to_image(task: ImageToImage, context: typer.Context, out: Out = Path("outputs"), kind: Kind = "png") -> None:
    """Draw a picture anew: with another emotion, in other clothes, as other words say."""
    make(out)
    draw(context.obj(), task, out, kind)


@takes_fields(Canny)
def canny(task: Canny, context: typer.Context, out: Out = Path("outputs"), kind: Kind = "png") -> None:
    """Draw along the edges of a picture: of a photo, a sketch or an edge map."""
    make(out)
    draw(context.obj(), task, out, kind)


def draw(studio: "StudioProtocol", task: Task, out: Path, kind: str = "png") -> list[Picture]:
    """Draw the task into the folder, print seed and file of each picture, and return the pictures."""
    return drawn(studio, task, lambda picture: say(f"seed {picture.seed}  {keep(picture, out, kind)}"))


def drawn(studio: "StudioProtocol", task: Task, save: Callable[[Picture], None]) -> list[Picture]:
    """Draw the task, hand each picture to ``save`` as soon as it is there, and return the pictures.

    Ctrl-C stops within one step and leaves with code 130.
    """
    from rich.console import Console
    from rich.progress import Progress

    screen = Console(stderr=True)
    pictures: list[Picture] = []
    notes: dict[Text, None] = {}
    try:
        with closing(studio.run(task)) as events, Progress(console=screen, disable=not screen.is_terminal) as bar:
            line = bar.add_task("drawing", total=None)
            for event in events:
                if isinstance(event, Preview):
                    bar.start()  # again, where a picture came between two batches
                    bar.update(line, completed=event.step, total=event.steps)
                else:
                    bar.stop()  # A running bar would take the lines that belong to stdout.
                    save(event)
                    pictures.append(event)
                    notes |= dict.fromkeys(map(str, event.notes))
    except KeyboardInterrupt:
        say(message("cli.stopped", count=len(pictures), total=len(task.singles())), err=True)
        raise typer.Exit(130) from None
    for note in notes:
        say(note, err=True)
    return pictures


def make(folder: Path) -> None:
    """Make the folder for the pictures; raises DrawingFailed where that cannot be."""
    with usable(folder):
        folder.mkdir(parents=True, exist_ok=True)


def keep(picture: Picture, folder: Path, kind: str = "png") -> Path:
    """Save a picture with its settings and return the file; raises DrawingFailed where that cannot be.

    What another kind of file cannot hold is kept as a PNG, and that is said: nothing that was drawn is lost.
    """
    from animegen.pictures.files import save

    with usable(folder):
        try:
            return save(picture, folder, kind)
        except InvalidRequest as problem:
            say(message("cli.kept_as_png", problem=problem.message), err=True)
            return save(picture, folder)


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Turn what a folder refuses into a sentence."""
    try:
        yield
    except OSError as error:
        raise DrawingFailed("cli.unwritable", folder=folder, reason=error.strerror) from error
