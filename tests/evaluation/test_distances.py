"""FID and KID against their closed forms."""

import numpy as np
import pytest

from animegen.evaluation.distances import frechet, kernel_distance
from animegen.evaluation.metrics import Array


def normal(n: int, width: int = 4, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=(n, width))


def test_a_set_has_no_frechet_distance_from_itself() -> None:
    rows = normal(200)
    assert frechet(rows, rows, resamples=2).value == pytest.approx(0, abs=1e-6)


def test_the_frechet_distance_of_a_shift_is_its_square() -> None:
    rows, shift = normal(200), np.array([1.0, -2.0, 0.5, 0.0])
    assert frechet(rows + shift, rows, resamples=2).value == pytest.approx((shift**2).sum())


def test_the_frechet_distance_of_two_gaussians_is_the_closed_form() -> None:
    # For covariances that share their axes: |difference of means|^2 + the sum of (difference of deviations)^2.
    deviations = np.array([1.0, 2.0, 0.5, 3.0])
    figure = frechet(normal(40_000, seed=1) * deviations + 1, normal(40_000, seed=2), resamples=2)
    assert figure.value == pytest.approx(4 + ((deviations - 1) ** 2).sum(), rel=0.02)


def test_a_turned_gaussian_is_as_far_as_its_closed_form() -> None:
    # In two dimensions tr((AB)^(1/2)) = (tr(AB) + 2 det(AB)^(1/2))^(1/2): covariances that do not commute.
    left, right = normal(300, 2, seed=3) @ np.array([[2.0, 0.3], [0.0, 0.5]]), normal(300, 2, seed=4)
    one, other = np.cov(left, rowvar=False), np.cov(right, rowvar=False)
    product = one @ other
    shared = np.sqrt(np.trace(product) + 2 * np.sqrt(np.linalg.det(product)))
    means = ((left.mean(axis=0) - right.mean(axis=0)) ** 2).sum()
    expected = means + np.trace(one) + np.trace(other) - 2 * shared
    assert frechet(left, right, resamples=2).value == pytest.approx(expected)


def test_the_frechet_interval_holds_its_value_and_narrows() -> None:
    few, many = (frechet(normal(n, seed=1) + 1, normal(5_000)) for n in (50, 2_000))
    assert few.low <= few.value <= few.high
    assert many.high - many.low < (few.high - few.low) / 2


def test_a_frechet_distance_needs_more_samples_than_dimensions() -> None:
    with pytest.raises(ValueError, match="more than 4 samples, not 4"):
        frechet(normal(4), normal(100))


def test_the_kernel_distance_of_one_distribution_is_zero_on_average() -> None:
    found = [kernel_distance(normal(200, seed=2 * seed), normal(200, seed=2 * seed + 1)).value for seed in range(60)]
    assert abs(np.mean(found)) < 3 * np.std(found) / len(found) ** 0.5
    assert min(found) < 0 < max(found)


def test_the_kernel_interval_of_one_distribution_holds_zero_as_often_as_it_says() -> None:
    figures = [kernel_distance(normal(200, seed=2 * seed), normal(200, seed=2 * seed + 1)) for seed in range(200)]
    assert sum(figure.low <= 0 <= figure.high for figure in figures) >= 0.9 * len(figures)


def test_the_kernel_distance_in_one_dimension_is_the_closed_form() -> None:
    # k(x, y) = (xy + 1)^3 compares the first three moments: 3 (m1 - m1')^2 + 3 (m2 - m2')^2 + (m3 - m3')^2.
    figure = kernel_distance(normal(8_000, 1) + 1, normal(8_000, 1, seed=1))
    assert figure.value == pytest.approx(3 * 1 + 3 * 1 + 4**2, rel=0.1)


def test_the_kernel_distance_counts_what_it_uses() -> None:
    assert kernel_distance(normal(57), normal(99)).n == 50


def test_a_kernel_distance_needs_two_samples_a_subset() -> None:
    with pytest.raises(ValueError, match="more than 19 samples, not 19"):
        kernel_distance(normal(19), normal(100))


@pytest.mark.parametrize("distance", [frechet, kernel_distance])
def test_features_of_another_kind_are_refused(distance) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        distance(normal(50, 3), normal(50, 4))


@pytest.mark.parametrize("distance", [frechet, kernel_distance])
def test_other_pictures_are_further_off(distance) -> None:
    near, far = (distance(normal(200, seed=1) + shift, normal(200)).value for shift in (0.1, 1))
    assert near < far
