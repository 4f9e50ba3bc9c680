"""Edge F1: what lies within the tolerance is there, what lies beyond is not."""

import numpy as np
import pytest

from animegen.evaluation.contours import edge_f1

SIDE = 200
REACH = 3
"""1.5 % of the side, in pixels."""


def line(at: int, *, shape: tuple[int, int] = (SIDE, SIDE)) -> np.ndarray:
    edges = np.zeros(shape, np.uint8)
    edges[:, at] = 255
    return edges


def test_a_map_agrees_with_itself() -> None:
    assert edge_f1(line(50), line(50)) == 1


@pytest.mark.parametrize(("shift", "agreement"), [(1, 1), (REACH, 1), (REACH + 1, 0), (-REACH, 1), (-REACH - 1, 0)])
def test_a_line_may_lie_as_far_off_as_the_tolerance(shift: int, agreement: float) -> None:
    assert edge_f1(line(50 + shift), line(50)) == agreement


def test_the_tolerance_is_a_share_of_the_longer_side() -> None:
    shape = SIDE, SIDE // 2
    assert edge_f1(line(50 + REACH, shape=shape), line(50, shape=shape)) == 1


def test_what_is_missing_and_what_is_too_much_count_alike() -> None:
    both = line(50) | line(150)
    assert edge_f1(line(50), both) == edge_f1(both, line(50)) == pytest.approx(2 / 3)


def test_two_blank_maps_agree_and_a_blank_one_agrees_with_no_other() -> None:
    blank = np.zeros((SIDE, SIDE))
    assert (edge_f1(blank, blank), edge_f1(line(50), blank), edge_f1(blank, line(50))) == (1, 0, 0)


def test_any_number_but_zero_is_an_edge() -> None:
    assert edge_f1(line(50) / 255, line(50) > 0) == 1
