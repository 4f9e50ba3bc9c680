"""Rough edge maps: another hand each time, and never so rough that nothing of the picture is left."""

import numpy as np
import pytest

from animegen.chibi.artist import draw as render
from animegen.chibi.build import roughness
from animegen.chibi.character import characters
from animegen.evaluation.contours import edge_f1

PICTURE = np.asarray(render(characters("train", 0, 1)[0]))
LINES = roughness.cv2.Canny(PICTURE, 100, 200)
HABITS = [roughness.left_out, roughness.slipped, roughness.broken, roughness.thick]


def maps(count: int) -> list[np.ndarray]:
    return [roughness.rough_map(PICTURE, np.random.default_rng(seed)) for seed in range(count)]


def test_a_map_is_of_the_pictures_size_and_has_only_black_and_white() -> None:
    for lines in maps(50):
        assert (lines.shape, lines.dtype) == (PICTURE.shape[:2], np.uint8)
        assert set(np.unique(lines)) <= {0, 255}


def test_the_same_chance_draws_the_same_map_and_another_chance_another() -> None:
    first, again, other = (roughness.rough_map(PICTURE, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_some_pages_are_blank() -> None:
    assert 5 <= sum(not lines.any() for lines in maps(300)) <= 35


def test_most_maps_still_show_the_picture() -> None:
    agreement = [edge_f1(lines, LINES, tolerance=0.03) for lines in maps(100)]
    assert np.median(agreement) > 0.7


@pytest.mark.parametrize("habit", HABITS)
def test_a_hand_changes_lines_and_keeps_most_of_them(habit: roughness.Callable) -> None:
    changed = [habit(LINES, np.random.default_rng(seed)) for seed in range(20)]
    assert any(not np.array_equal(lines, LINES) for lines in changed)
    assert np.median([edge_f1(lines, LINES, tolerance=0.03) for lines in changed]) > 0.6


@pytest.mark.parametrize("habit", HABITS)
def test_a_blank_page_stays_blank(habit: roughness.Callable) -> None:
    assert not habit(np.zeros_like(LINES), np.random.default_rng(0)).any()
