"""What finished pictures are shown as: stills, frames with their film, an expression sheet with its sprites."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from gradio.utils import get_upload_folder

from animegen.messages import Language
from animegen.pictures import infotext
from animegen.pictures.films import bar, film, wanted
from animegen.pictures.metadata import with_parameters
from animegen.pictures.sprites import archive, page, snippet
from animegen.tasks import Animation, EmotionPath, ExpressionSheet, Picture
from animegen.ui.details import result

if TYPE_CHECKING:
    from PIL.Image import Image

Outputs = tuple[Any, ...]
"""The large picture, the finished pictures, a file where a task makes one, and the details."""


def stills(pictures: Sequence[Picture], language: Language) -> Outputs:
    """Return what is shown of single pictures."""
    images = marked(pictures)
    return images[0], images, result(pictures, language)


def frames(pictures: Sequence[Picture], language: Language, *, task: EmotionPath | Animation) -> Outputs:
    """Return what is shown of frames: those of a path as a bar of them all, an animation's last one; and the film."""
    whole = bar(pictures, task) if isinstance(task, EmotionPath) else pictures[-1]
    file = None
    if options := wanted(task.film, task.frame_rate, task.ping_pong):
        file = serve(film(pictures, options, task), f"{pictures[0].seed}.{options.format}")
    return marked([whole])[0], marked(pictures), file, result(pictures, language)


def sheet(pictures: Sequence[Picture], language: Language, *, task: ExpressionSheet) -> Outputs:
    """Return what is shown of a sheet: its page with labels, the sprites, a zip of them, and lines for Ren'Py."""
    character = task.character
    packed = serve(archive(pictures, character), f"{character}.zip")
    details = {**result(pictures, language), "renpy": snippet(pictures, character)}
    return marked([page(pictures, task, language)])[0], marked(pictures), packed, details


def marked(pictures: Sequence[Picture]) -> "list[Image]":
    """Return the images with their settings, as gradio writes them into PNG files."""
    texts = (infotext.write(picture.task, picture.model, picture.lora_hashes) for picture in pictures)
    return [with_parameters(picture.image, text) for picture, text in zip(pictures, texts, strict=True)]


def serve(data: bytes, name: str) -> str:
    """Write a file of that name among those that gradio serves, and removes when they are old; return its path."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(mkdtemp(dir=folder)) / name
    path.write_bytes(data)
    return str(path)
