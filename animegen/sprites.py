"""An expression sheet on paper and in a game: a labelled page of all its pictures, and sprites that Ren'Py shows.

Ren'Py's own language: https://www.renpy.org/doc/html/displaying_images.html and dialogue.html.
"""

import keyword
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile

from PIL import Image, ImageDraw, ImageFont

from animegen.errors import InvalidRequest
from animegen.images import png
from animegen.prompts.emotions import emotions
from animegen.tasks import ExpressionSheet, Picture

USUAL: Final = "character"
TAKEN: Final = ("image", "label", "scene", "show", "hide", "define", "default", "menu", "jump", "call", "play")
"""Words that begin a line of Ren'Py."""
PAPER: Final = "#fffafb"
INK: Final = "#5b4a57"
SHOWN: Final = 540
"""How high a sprite stands in the game, in pixels: three quarters of a screen of 720."""


def check(character: object) -> None:
    """Raise InvalidRequest when a game could not call its pictures by that name."""
    fits = isinstance(character, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,31}", character)
    if not fits or character in (*TAKEN, *keyword.kwlist):
        raise InvalidRequest(
            f"The character cannot be called {character!r}; use up to 32 small letters, digits and underscores, "
            "and begin with a letter."
        )


def page(pictures: Sequence[Picture], asked: ExpressionSheet) -> Picture:
    """Return the pictures of a sheet as one, with labels, whose request draws them all again."""
    first = pictures[0]
    if not isinstance(first.task, ExpressionSheet):
        raise TypeError("only the pictures of a sheet make a page")
    image = grid([picture.image for picture in pictures], [label(picture) for picture in pictures])
    return replace(first, image=image, task=replace(first.task, emotions=asked.emotions))


def grid(images: Sequence[Image.Image], labels: Sequence[str]) -> Image.Image:
    """Return pictures of one size on a page: the first one large, the others beside it in two rows."""
    width, height = images[0].size
    gap, text = max(4, width // 16), max(10, height // 9)
    row, columns = height + 2 * text, math.ceil((len(images) - 1) / 2)
    high = row + height
    wide = round(width * high / height)
    paper = Image.new("RGB", (2 * gap + wide + columns * (width + gap), gap + 2 * row), PAPER)
    large = images[0].resize((wide, high), Image.Resampling.LANCZOS)
    _put(paper, large, (gap, gap), labels[0], text)
    for at, (image, words) in enumerate(zip(images[1:], labels[1:], strict=True)):
        down, across = divmod(at, columns)
        _put(paper, image, (2 * gap + wide + across * (width + gap), gap + down * row), words, text)
    return paper


def _put(paper: Image.Image, image: Image.Image, corner: tuple[int, int], words: str, size: int) -> None:
    """Paste a picture with words beneath it."""
    paper.paste(image, corner, image if image.mode == "RGBA" else None)
    middle = corner[0] + image.width / 2, corner[1] + image.height + size * 0.85
    ImageDraw.Draw(paper).text(middle, words, INK, ImageFont.load_default(size), anchor="mm")


def emotion(picture: Picture) -> str:
    """Return the name of the emotion that a picture of a sheet shows."""
    if not isinstance(picture.task, ExpressionSheet):
        raise TypeError("only the pictures of a sheet have one emotion each")
    return picture.task.emotions


def label(picture: Picture) -> str:
    """Return what a picture shows, in English: no font that is everywhere has Japanese."""
    name = emotion(picture)
    return emotions()[name].label if name in emotions() else name.capitalize()


def files(pictures: Sequence[Picture], character: str) -> dict[str, bytes]:
    """Return what belongs into a game's folder, by its path there: a sprite each, and the lines that show them."""
    check(character)
    sprites = {f"images/{character}_{emotion(picture)}.png": png(picture) for picture in pictures}
    return sprites | {f"{character}.rpy": snippet(pictures, character).encode()}


def archive(pictures: Sequence[Picture], character: str) -> bytes:
    """Return the files as a zip, to be unpacked into the game's folder."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_STORED) as packed:  # PNGs are packed already
        for path, content in files(pictures, character).items():
            packed.writestr(path, content)
    return data.getvalue()


def snippet(pictures: Sequence[Picture], character: str) -> str:
    """Return lines of Ren'Py that define every sprite and show each of them once."""
    names = [emotion(picture) for picture in pictures]
    images = [f'image {character} {name} = "images/{character}_{name}.png"' for name in names]
    said = [f'    {character} {name} "This is my {name} face."' for name in names[1:]]
    lines = [
        f"# Ren'Py: lay this file and the folder images into game/, and jump to {character}_expressions.",
        "",
        f'define {character} = Character("{character.replace("_", " ").title()}", image="{character}")',
        "",
        f"transform {character}_place:",
        "    xalign 0.5",
        "    yalign 1.0",
        f"    zoom {SHOWN / pictures[0].image.height:.2f}",
        "",
        *images,
        "",
        f"label {character}_expressions:",
        f"    show {character} {names[0]} at {character}_place",
        f'    {character} "This is my {names[0]} face."',
        *said,
        "    return",
    ]
    return "\n".join(lines) + "\n"
