"""What counts as nearly the same: any copy of a drawing, and no other face of the same character."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from animegen.chibi.artist import draw
from animegen.chibi.character import Character, sample
from animegen.datasets.lint.fingerprints import NEAR, distances, take

COPIES: dict[str, Callable[[Image.Image, Path], None]] = {
    "jpeg": lambda image, path: image.save(path.with_suffix(".jpg"), quality=40),
    "webp": lambda image, path: image.save(path.with_suffix(".webp"), quality=50),
    "half": lambda image, path: image.resize((128, 128)).save(path.with_suffix(".png")),
    "bright": lambda image, path: image.point(lambda value: min(255, int(value * 1.05))).save(path.with_suffix(".png")),
}


def between(first: Path, second: Path) -> int:
    looks = np.array([each.look for each in take([first, second], "#ffffff").values()])
    return int(distances(looks)[0, 1])


def drawn(folder: Path, character: Character) -> Path:
    path = folder / "drawn.png"
    draw(character).save(path)
    return path


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_near(tmp_path: Path, kind: str, seed: int) -> None:
    path = drawn(tmp_path, sample(Random(seed)))
    COPIES[kind](Image.open(path), tmp_path / "copy")
    (copy,) = tmp_path.glob("copy.*")
    assert between(path, copy) <= NEAR


@pytest.mark.parametrize("seed", range(8))
def test_another_face_of_the_same_character_is_not(tmp_path: Path, seed: int) -> None:
    character = replace(sample(Random(seed)), emotion="surprised", strength=0.9)
    path = drawn(tmp_path, character)
    draw(replace(character, emotion="angry")).save(tmp_path / "other.png")
    assert between(path, tmp_path / "other.png") > NEAR


def test_transparent_pictures_are_compared_on_the_background(tmp_path: Path) -> None:
    colours = np.zeros((64, 64, 4), np.uint8)
    colours[16:48, 16:48] = (200, 30, 30, 255)
    for name, hidden in (("a", 0), ("b", 255)):
        colours[:8, :, :3] = hidden  # beneath transparent pixels
        Image.fromarray(colours, "RGBA").save(tmp_path / f"{name}.png")
    assert between(tmp_path / "a.png", tmp_path / "b.png") == 0
