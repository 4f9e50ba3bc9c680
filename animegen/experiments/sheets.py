"""Sheets to look at: unchosen characters by artist, autoencoder and model; a few characters in every emotion."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.experiments.evaluate import request
from animegen.experiments.questions import question
from animegen.experiments.references import reconstruct
from animegen.pictures.files import sheet
from animegen.prompts.emotions import emotions
from animegen.studio import Studio
from animegen.tasks import TextToImage

COLUMNS: Final = 8
GAP: Final = 16
TILE: Final = 160
"""Width and height of a picture on a sheet, in pixels: a page shows them no larger."""
PEOPLE: Final = (
    "1girl, light skin, long pink hair, blue eyes, school uniform, cherry blossoms",
    "1boy, tan skin, short black hair, green eyes, hoodie, blue sky",
    "1girl, light skin, silver hair, twintails, purple eyes, kimono, night sky",
)
"""Characters that get every emotion; the first with seed 0, the next with seed 1, ..."""


def draw_prompts(
    studio: Studio, *, count: int, out: Path, report: Callable[[str], None], preset: str = "balanced"
) -> Path:
    """Draw the first ``count`` test prompts three ways, save them as ``sheets.webp`` in ``out`` and return its path.

    Left the artist's render of the prompt's character, in the middle that render encoded and decoded, right what
    the model draws from the prompt, which states only part of the character.
    """
    questions = [question("test", seed) for seed in range(count)]
    renders = [render(each.character) for each in questions]
    drawn = []
    for number, each in enumerate(questions, 1):
        drawn.append(studio.pictures(request(each, preset))[0].image)
        report(f"{number} of {count}: {each.prompt}")
    pages = [sheet(tiles(images), COLUMNS) for images in (renders, reconstructed_images(studio, renders), drawn)]
    out.mkdir(parents=True, exist_ok=True)
    path = out / "sheets.webp"
    in_a_row(pages).save(path, quality=88, method=6)
    return path


def draw_emotions(studio: Studio, *, out: Path, report: Callable[[str], None], preset: str = "balanced") -> Path:
    """Draw PEOPLE in every emotion, a row each, save them as ``emotions.webp`` in ``out`` and return its path."""
    drawn, names = [], list(emotions())
    for seed, prompt in enumerate(PEOPLE):
        for name in names:
            task = TextToImage(prompt=prompt, emotion=name, emotion_strength=1.0, preset=preset, seed=seed)
            drawn.append(studio.pictures(task)[0].image)
        report(f"{seed + 1} of {len(PEOPLE)}: {prompt}")
    out.mkdir(parents=True, exist_ok=True)
    path = out / "emotions.webp"
    sheet(tiles(drawn), len(names), names * len(PEOPLE)).save(path, quality=88, method=6)
    return path


def reconstructed_images(studio: Studio, images: list[Image.Image]) -> list[Image.Image]:
    """Return the pictures after the model's autoencoder."""
    pictures = reconstruct(studio, images).permute(0, 2, 3, 1).numpy()
    return [Image.fromarray(picture) for picture in pictures]


def tiles(images: list[Image.Image]) -> list[Image.Image]:
    """Return square pictures at the size they have on a sheet."""
    return [image.resize((TILE, TILE), Image.Resampling.LANCZOS) for image in images]


def in_a_row(pages: list[Image.Image]) -> Image.Image:
    """Return the pages from left to right on white, with a gap between."""
    width = sum(page.width for page in pages) + GAP * (len(pages) - 1)
    whole = Image.new("RGB", (width, max(page.height for page in pages)), "white")
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width + GAP
    return whole
