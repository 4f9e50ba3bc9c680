"""Figures against values worked out by hand, and what every interval must do."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animegen.evaluation import metrics
from animegen.evaluation.metrics import Figure

WORDS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=30)
VALUES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20)
COUNTS = st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=20)


def within(figure: Figure) -> bool:
    return figure.low <= figure.value <= figure.high


def width(figure: Figure) -> float:
    return figure.high - figure.low


def test_wilson_gives_the_textbook_interval() -> None:
    figure = metrics.share(8, 10)
    assert (figure.value, figure.n) == (0.8, 10)
    assert figure.low == pytest.approx(0.4902, abs=1e-4)
    assert figure.high == pytest.approx(0.9433, abs=1e-4)


def test_a_share_of_all_is_not_certain() -> None:
    assert metrics.share(20, 20).low < 0.9


def test_a_share_of_nothing_says_that_anything_may_be() -> None:
    assert metrics.share(0, 0) == Figure(value=0.0, low=0.0, high=1.0, n=0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_holds_it(counts: tuple[int, int]) -> None:
    assert within(metrics.share(*counts))


@settings(max_examples=20)
@given(VALUES)
def test_the_interval_of_a_mean_holds_it(values: list[float]) -> None:
    assert within(metrics.mean(values))


@settings(max_examples=20)
@given(WORDS, st.randoms())
def test_the_interval_of_an_entropy_ratio_holds_it(words: list[str], rng) -> None:
    assert within(metrics.entropy_ratio(words, rng.sample(words, len(words))))


@settings(max_examples=20)
@given(COUNTS)
def test_the_interval_of_f1_holds_it(counts: list[tuple[int, int, int]]) -> None:
    assert within(metrics.f1(np.array(counts)))


@pytest.mark.parametrize(
    "measure",
    [
        lambda times: metrics.share(times, 2 * times),
        lambda times: metrics.mean([0.0, 1.0] * times),
        lambda times: metrics.difference([0.0, 1.0] * times, [0.0, 2.0] * times),
        lambda times: metrics.entropy_ratio("aaabbc" * times, "abcabc" * times),
        lambda times: metrics.f1(np.array([[1, 0, 0], [0, 1, 1], [2, 1, 0]] * times)),
    ],
    ids=["share", "mean", "difference", "entropy", "f1"],
)
def test_an_interval_narrows_with_more_observations(measure: Callable[[int], Figure]) -> None:
    few, many = measure(4), measure(100)
    assert few.value == pytest.approx(many.value)
    assert width(many) < width(few) / 3


def test_the_bootstrap_of_a_mean_is_as_wide_as_theory_has_it() -> None:
    values = np.random.default_rng(1).normal(size=400)
    assert width(metrics.mean(values.tolist())) == pytest.approx(2 * metrics.Z / 20, rel=0.1)


def test_a_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        metrics.mean([])


def test_a_difference_is_that_of_the_means() -> None:
    assert metrics.difference([2.0, 4.0], [1.0, 1.0, 1.0]).value == 2
    assert metrics.difference([2.0, 4.0], [1.0, 1.0, 1.0]).n == 5


def test_a_difference_of_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        metrics.difference([1.0], [1.0, 2.0])


def test_four_words_alike_often_hold_two_bits() -> None:
    assert metrics.entropy("abcd" * 3) == pytest.approx(2)
    assert metrics.entropy("aaaa") == 0


def test_half_the_bits_are_half_the_entropy() -> None:
    assert metrics.entropy_ratio("aabb" * 5, "abcd" * 5).value == pytest.approx(0.5)


def test_f1_is_twice_what_is_right_over_all_found_and_all_wanted() -> None:
    figure = metrics.f1(np.array([[1, 0, 0], [1, 2, 0], [0, 0, 1]]))
    assert figure.value == pytest.approx(4 / 7)
    assert figure.n == 3


def test_a_hit_more_raises_f1() -> None:
    assert metrics.f1(np.array([[1, 0, 1]])).value < metrics.f1(np.array([[2, 0, 0]])).value


def test_an_error_of_a_tenth_of_the_peak_is_twenty_decibels() -> None:
    assert metrics.psnr(np.full((4, 4), 0.1), np.zeros((4, 4)), peak=1) == pytest.approx(20)


def test_equal_pictures_have_no_noise() -> None:
    grey = np.full((4, 4, 3), 128, dtype=np.uint8)
    assert metrics.psnr(grey, grey) == math.inf
    assert metrics.psnr(grey, grey + 1) < math.inf


def test_a_picture_is_like_itself_and_less_like_itself_with_noise() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 200, (32, 32, 3))
    assert metrics.ssim(picture, picture) == pytest.approx(1)
    slight, strong = (metrics.ssim(picture, picture + rng.integers(0, most, picture.shape)) for most in (20, 55))
    assert strong < slight < 1


def test_pictures_of_one_grey_each_are_alike_by_their_means_alone() -> None:
    dark, light = np.full((16, 16), 50.0), np.full((16, 16), 100.0)
    c1 = 2.55**2
    assert metrics.ssim(dark, light) == pytest.approx((2 * 50 * 100 + c1) / (50**2 + 100**2 + c1))
