"""Figures against values worked out by hand."""

import pytest

from animegen.evaluation import metrics


def test_wilson_gives_the_textbook_interval() -> None:
    figure = metrics.share(8, 10)
    assert (figure.value, figure.n) == (0.8, 10)
    assert figure.low == pytest.approx(0.4902, abs=1e-4)
    assert figure.high == pytest.approx(0.9433, abs=1e-4)


def test_a_share_of_all_is_not_certain() -> None:
    assert metrics.share(20, 20).low < 0.9


def test_a_share_of_nothing_says_that_anything_may_be() -> None:
    assert metrics.share(0, 0) == metrics.Figure(value=0.0, low=0.0, high=1.0, n=0)


def test_the_interval_of_a_mean_narrows_with_more_values() -> None:
    few, many = metrics.mean([0.0, 1.0] * 5), metrics.mean([0.0, 1.0] * 500)
    assert few.value == many.value == 0.5
    assert many.high - many.low < few.high - few.low


def test_a_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        metrics.mean([])


def test_four_words_alike_often_hold_two_bits() -> None:
    assert metrics.entropy("abcd" * 3) == pytest.approx(2)
    assert metrics.entropy("aaaa") == 0
