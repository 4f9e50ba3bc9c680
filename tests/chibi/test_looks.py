"""The looks: each is its own, the same every time, and none is the plain picture."""

import itertools

import numpy as np
import pytest
from PIL import Image

from animegen.chibi.artist import draw
from animegen.chibi.artist.looks import LOOKS, finish
from animegen.chibi.character import Character
from animegen.prompts.styles import styles


@pytest.fixture(scope="module")
def plain() -> Image.Image:
    return draw(Character(hair_style="twintails", outfit="kimono", background="sky", seed=4), 128)


@pytest.fixture(scope="module")
def finished(plain: Image.Image) -> dict[str, np.ndarray]:
    return {look: np.asarray(finish(plain, look, 1), dtype=np.float32) for look in LOOKS}


@pytest.mark.parametrize("look", LOOKS)
def test_the_same_seed_gives_the_same_bytes(plain: Image.Image, look: str) -> None:
    assert finish(plain, look, 3).tobytes() == finish(plain, look, 3).tobytes()


@pytest.mark.parametrize("look", LOOKS)
def test_another_seed_gives_another_sheet_of_paper(plain: Image.Image, look: str) -> None:
    assert finish(plain, look, 3).tobytes() != finish(plain, look, 4).tobytes()


@pytest.mark.parametrize("look", LOOKS)
def test_the_size_stays_and_so_does_rgb(plain: Image.Image, look: str) -> None:
    done = finish(plain, look)
    assert (done.mode, done.size) == ("RGB", plain.size)


def test_every_two_looks_differ(plain: Image.Image, finished: dict[str, np.ndarray]) -> None:
    everything = [np.asarray(plain, dtype=np.float32), *finished.values()]
    assert min(float(np.abs(a - b).mean()) for a, b in itertools.combinations(everything, 2)) > 4


@pytest.mark.parametrize("look", ["manga", "sketch"])
def test_what_is_drawn_in_ink_or_pencil_has_hardly_any_colour(finished: dict[str, np.ndarray], look: str) -> None:
    assert np.ptp(finished[look], axis=2).max() <= 24


def test_every_look_is_a_style_of_the_prompts() -> None:
    assert set(LOOKS) <= set(styles())


def test_an_unknown_look_is_refused(plain: Image.Image) -> None:
    with pytest.raises(ValueError, match="look must be one of"):
        finish(plain, "cubist")
