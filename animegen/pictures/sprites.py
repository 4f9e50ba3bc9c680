"""An expression sheet on paper and in a game: a labelled page of all its pictures, and sprites that Ren'Py shows.

Ren'Py's own language: https://www.renpy.org/doc/html/displaying_images.html and dialogue.html.
"""

import builtins
import keyword
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.resources import files as resources
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile

from PIL import Image, ImageDraw, ImageFont

from animegen.errors import InvalidRequest
from animegen.messages import Message, message
from animegen.pictures.files import encoded
from animegen.prompts.emotions import emotions
from animegen.tasks import ExpressionSheet, Picture
from animegen.tasks.sheets import NEUTRAL

USUAL: Final = "character"
DEVICES: Final = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")
"""What no file of Windows may be called, whatever its ending."""
PAPER: Final = "#fffafb"
INK: Final = "#5b4a57"
FONTS: Final = (
    *("NotoSansCJK-Regular.ttc", "NotoSansJP-Regular.ttf", "NotoSansJP-Regular.otf", "ipagp.ttf"),
    *("ヒラギノ角ゴシック W3.ttc", "YuGothM.ttc", "meiryo.ttc"),
)
"""Fonts with Japanese on Linux, macOS and Windows, by the names of their files; none is shipped here."""
COLUMNS: Final = 4
"""How many pictures a page has side by side, so that a face is still large enough on a phone."""
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
SHOWN: Final = 540
"""How high a sprite stands in the game, in pixels: three quarters of a screen of 720."""


def check(character: object) -> None:
    """Raise InvalidRequest when a game could not call its pictures by that name."""
    if not isinstance(character, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", character):
        raise InvalidRequest("pictures.character_name", name=repr(character))
    reason = message("pictures.reserved_windows") if DEVICES.fullmatch(character) else reserved().get(character)
    if reason:
        raise InvalidRequest("pictures.character_reserved", name=repr(character), reason=reason)


@cache
def reserved() -> Mapping[str, Message]:
    """Return the names that a character of Ren'Py cannot have, and what each of them is there."""
    table = tomllib.loads(resources(__package__).joinpath("renpy.toml").read_text(encoding="utf-8"))
    return {
        **dict.fromkeys((*dir(builtins), *keyword.kwlist), message("pictures.reserved_python")),
        **dict.fromkeys(table["names"], message("pictures.reserved_renpy")),
        **dict.fromkeys(table["images"], message("pictures.reserved_image")),
        **dict.fromkeys(table["statements"], message("pictures.reserved_statement")),
    }


def page(pictures: Sequence[Picture], request: ExpressionSheet, tongue: str = "en") -> Picture:
    """Return the pictures of a sheet as one, with labels, whose request draws them all again.

    The labels are Japanese where ``tongue`` is ``ja`` and a font for it is installed, else English.
    """
    first = pictures[0]
    if not isinstance(first.task, ExpressionSheet):
        raise TypeError("only the pictures of a sheet make a page")
    font = japanese() if tongue == "ja" else None
    labels = [label(picture, "ja" if font else "en") for picture in pictures]
    image = grid([picture.image for picture in pictures], labels, font)
    return replace(first, image=image, task=replace(first.task, emotions=request.emotions))


@cache
def japanese() -> ImageFont.FreeTypeFont | None:
    """Return a font of this machine that has Japanese, None where Pillow finds none among the system's fonts."""
    for name in FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name)
    return None


def grid(
    images: Sequence[Image.Image], labels: Sequence[str], font: ImageFont.FreeTypeFont | None = None
) -> Image.Image:
    """Return pictures of one size on a page: the first one large, the others around it in at most COLUMNS columns.

    Without a ``font`` of their own the labels are in Pillow's, which has Latin letters alone.
    """
    width, height = images[0].size
    gap, text = max(4, width // 16), max(10, height // 9)
    cells = list(_cells(len(images) - 1))
    across, down = width + gap, height + 2 * text
    rows = max([2, *(math.ceil(row) + 1 for row, _ in cells)])
    columns = max([2, *(math.ceil(column) + 1 for _, column in cells)])
    paper = Image.new("RGB", (gap + columns * across, gap + rows * down), PAPER)
    wide = across + width
    large = images[0].resize((wide, round(height * wide / width)), Image.Resampling.LANCZOS)
    written = font.font_variant(size=text) if font else ImageFont.load_default(text)
    _put(paper, large, (gap, gap), labels[0], written, text)
    for (row, column), image, words in zip(cells, images[1:], labels[1:], strict=True):
        _put(paper, image, (gap + round(column * across), gap + row * down), words, written, text)
    return paper


def _cells(count: int) -> Iterator[tuple[int, float]]:
    """Yield row and column of each picture around the large one, which takes two of each; the last row is centred."""
    columns = min(COLUMNS, 2 + math.ceil(count / 2))
    beside = 2 * (columns - 2)
    for number in range(min(count, beside)):
        yield number // (columns - 2), 2 + number % (columns - 2)
    for number in range(count - beside):
        row, column = divmod(number, columns)
        left = min(count - beside - row * columns, columns)
        yield 2 + row, column + (columns - left) / 2


def _put(
    paper: Image.Image, image: Image.Image, corner: tuple[int, int], words: str, font: Font, size: int
) -> None:  # fmt: skip
    """Paste a picture with words beneath it."""
    paper.paste(image, corner, image if image.mode == "RGBA" else None)
    middle = corner[0] + image.width / 2, corner[1] + image.height + size * 0.85
    ImageDraw.Draw(paper).text(middle, words, INK, font, anchor="mm")


def emotion(picture: Picture) -> str:
    """Return the name of the emotion that a picture of a sheet shows."""
    if not isinstance(picture.task, ExpressionSheet):
        raise TypeError("only the pictures of a sheet have one emotion each")
    return picture.task.emotions[0]


def label(picture: Picture, tongue: str = "en") -> str:
    """Return what a picture shows, in English or Japanese (``ja``)."""
    name = emotion(picture)
    if name == NEUTRAL:
        return "通常" if tongue == "ja" else "Neutral"
    row = emotions()[name]
    return row.label_ja if tongue == "ja" else row.label


def files(pictures: Sequence[Picture], character: str) -> dict[str, bytes]:
    """Return what belongs into a game's folder, by its path there: a sprite each, and the lines that show them."""
    check(character)
    sprites = {f"images/{character}_{emotion(picture)}.png": encoded(picture) for picture in pictures}
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
    lines_said = [f'    {character} {name} "This is my {name} face."' for name in names[1:]]
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
        *lines_said,
        "    return",
    ]
    return "\n".join(lines) + "\n"
