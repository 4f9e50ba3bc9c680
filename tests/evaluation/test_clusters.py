"""Intervals of characters that answer many times, and averages that a common attribute does not outvote."""

import numpy as np
import pytest

from animegen.evaluation import clusters, metrics


def test_answers_that_move_together_make_a_wider_interval_than_independent_ones() -> None:
    of_characters = np.array([[10, 10]] * 30 + [[0, 10]] * 10)
    together, apart = clusters.share(of_characters), metrics.share(300, 400)
    assert together.value == apart.value
    assert together.n == 40
    assert together.high - together.low > 2.5 * (apart.high - apart.low)


def test_the_interval_of_one_answer_each_is_about_wilsons() -> None:
    one_each, wilson = clusters.share(np.array([[1, 1]] * 150 + [[0, 1]] * 50)), metrics.share(150, 200)
    assert (one_each.low, one_each.high) == pytest.approx((wilson.low, wilson.high), abs=0.015)


def test_no_interval_reaches_beyond_what_a_share_can_be() -> None:
    nearly = np.array([[8, 8]] * 12 + [[7, 8]])
    for figure in (clusters.share(nearly), clusters.macro(nearly[:, None]), clusters.share(nearly - [[7, 0]])):
        assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_all_right_is_not_certain_and_counts_characters() -> None:
    figure = clusters.share(np.array([[8, 8]] * 20))
    assert figure == metrics.share(20, 20)
    assert clusters.macro(np.array([[[8, 8], [1, 1]]] * 20)) == metrics.share(20, 20)


def test_a_character_that_was_never_asked_is_not_counted() -> None:
    assert clusters.share(np.array([[1, 2], [0, 0]])).n == 1


def test_no_answers_are_a_share_of_nothing() -> None:
    assert clusters.share(np.zeros((0, 2))) == metrics.share(0, 0)


def test_a_padded_attribute_does_not_outvote_a_rare_one() -> None:
    # Of two attributes one is asked 9 times a character and always right, the other once and right half the time.
    counts = np.array([[[9, 9], [1, 1]], [[9, 9], [0, 1]]] * 20)
    assert clusters.macro(counts).value == pytest.approx(0.75)
    assert clusters.share(counts.sum(axis=1)).value == pytest.approx(0.95)


def test_an_attribute_that_nobody_was_asked_for_is_left_out() -> None:
    assert clusters.macro(np.array([[[1, 1], [0, 0]], [[0, 1], [0, 0]]])).value == 0.5


def test_an_average_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="an answer"):
        clusters.macro(np.zeros((3, 2, 2)))


def test_two_fair_coins_agree_by_chance_half_the_time() -> None:
    assert clusters.agreement(["a", "b"], ["b", "a"]) == pytest.approx(0.5)
    assert clusters.agreement(["a", "a"], ["b", "b"]) == 0
    assert clusters.agreement(["a", "a", "a", "b"], ["a", "b"]) == pytest.approx(0.5)
