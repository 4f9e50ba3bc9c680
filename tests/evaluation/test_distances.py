"""FID, KID and MIND against their closed forms and slow, obvious references; what they say of damage."""

from itertools import permutations

import numpy as np
import pytest

from animegen.evaluation.distances import SUBSETS, frechet, kernel_distance, nearest, sliced
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


@pytest.mark.parametrize("distance", [frechet, kernel_distance, sliced])
def test_features_of_another_kind_are_refused(distance) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        distance(normal(50, 3), normal(50, 4))


@pytest.mark.parametrize("distance", [frechet, kernel_distance, sliced])
def test_other_pictures_are_further_off(distance) -> None:
    near, far = (distance(normal(200, seed=1) + shift, normal(200)).value for shift in (0.1, 1))
    assert near < far


def test_the_frechet_distance_is_that_of_a_matrix_root_taken_slowly() -> None:
    left, right = normal(80, 3, seed=1) * [1.0, 2.0, 0.5] + 0.3, normal(90, 3, seed=2)
    product = np.cov(left, rowvar=False) @ np.cov(right, rowvar=False)
    values, vectors = np.linalg.eig(product)
    root = vectors @ np.diag(np.sqrt(values)) @ np.linalg.inv(vectors)
    means = ((left.mean(axis=0) - right.mean(axis=0)) ** 2).sum()
    expected = means + np.trace(np.cov(left, rowvar=False) + np.cov(right, rowvar=False) - 2 * root)
    assert frechet(left, right, resamples=2).value == pytest.approx(expected.real)


def test_the_kernel_distance_is_that_of_loops_over_all_pairs() -> None:
    left, right = normal(4 * SUBSETS, 3, seed=1) + 0.5, normal(4 * SUBSETS, 3, seed=2)
    rng = np.random.default_rng(0)
    deals = [rows[rng.permutation(len(rows))].reshape(SUBSETS, 4, 3) for rows in (left, right)]

    def k(x: Array, y: Array) -> float:
        return (float(x @ y) / 3 + 1) ** 3

    found = []
    for xs, ys in zip(*deals, strict=True):
        within = sum(k(s[i], s[j]) for s in (xs, ys) for i in range(4) for j in range(4) if i != j) / 12
        found.append(within - 2 * sum(k(x, y) for x in xs for y in ys) / 16)
    assert kernel_distance(left, right).value == pytest.approx(np.mean(found))


def test_mind_is_the_cost_of_the_best_pairing_along_each_direction() -> None:
    left, right = normal(5, 2, seed=1), normal(5, 2, seed=2) * 2
    ways = np.random.default_rng(0).normal(size=(2, 1_000))
    costs = []
    for way in (ways / np.linalg.norm(ways, axis=0)).T:
        pairings = permutations(right @ way)
        costs.append(min(((left @ way - np.array(one)) ** 2).mean() for one in pairings))
    assert sliced(left, right, resamples=2).value == pytest.approx(2 * np.mean(costs))


def test_mind_of_a_shift_is_its_square_and_of_a_set_itself_nothing() -> None:
    rows, shift = normal(300), np.array([1.0, -2.0, 0.5, 0.0])
    assert sliced(rows + shift, rows, resamples=2).value == pytest.approx((shift**2).sum(), rel=0.1)
    assert sliced(rows, rows, resamples=2).value == pytest.approx(0)


def test_mind_compares_sets_of_unlike_sizes_by_their_quantiles() -> None:
    rows, reference = normal(100, seed=1) + 1, normal(100, seed=2)
    once, fourfold = (sliced(rows, one, resamples=2).value for one in (reference, np.tile(reference, (4, 1))))
    assert fourfold == pytest.approx(once, rel=0.01)


def test_the_interval_of_mind_holds_it_and_narrows() -> None:
    few, many = (sliced(normal(n, seed=1) + 1, normal(1_000, seed=2), resamples=40) for n in (50, 1_000))
    assert few.low <= few.value <= few.high
    assert many.high - many.low < (few.high - few.low) / 2


@pytest.mark.parametrize("distance", [frechet, kernel_distance, sliced])
def test_all_distances_rank_three_damages_alike(distance) -> None:
    """A little noise, a shifted and narrowed set, one that has lost its variety: each worse than the one before."""
    sound, reference = normal(300, 8, seed=1), normal(300, 8, seed=2)
    slightly = sound + normal(300, 8, seed=3)
    narrowed = 0.5 * sound + 1.0
    collapsed = 0.05 * sound + 2.0
    found = [distance(rows, reference).value for rows in (sound, slightly, narrowed, collapsed)]
    assert found[0] < found[1] / 2
    assert found[1] < found[2] < found[3]


def test_the_nearest_row_is_found_at_its_distance() -> None:
    known = np.array([[0.0, 0.0], [10.0, 10.0]])
    assert nearest(np.array([[3.0, 4.0], [10.0, 10.0]]), known) == pytest.approx([(25 / 2) ** 0.5, 0])
