"""Distances between two sets of pictures by their features, which somebody else has taken: FID, KID and MIND.

Features are ``(N, D)``, a row a picture. All depend on what the features are of, FID and MIND on n too: compare only
figures of the same features and the same n, and read them with the distance of two sets that are alike.
"""

import numpy as np

from animegen.evaluation.metrics import Array, Figure, bootstrap

SUBSETS = 10
PROJECTIONS = 1_000
STUDENT = 2.262157
"""Standard errors of a 95 % interval around the mean of SUBSETS values (Student's t)."""


def frechet(features: Array, reference: Array, resamples: int = 100) -> Figure:
    """Return the Fréchet distance of the Gaussians fitted to two sets of features (Heusel et al. 2017, equation 6).

    It is biased up, the more the smaller n. The interval is a bootstrap's over ``features``; ``reference`` stands
    still. Raises ValueError when a set has no more rows than columns: its covariance would be singular.
    """
    features, reference = _checked(features, reference, more_than=np.shape(reference)[-1])
    centre, covariance = _moments(reference)
    root = _root(covariance)

    def distance(rows: Array) -> float:
        mean, spread = _moments(rows)
        # The trace of (A B)^(1/2), from the eigenvalues of the symmetric A^(1/2) B A^(1/2), which are those of A B.
        shared = np.sqrt(np.linalg.eigvalsh(root @ spread @ root).clip(0)).sum()
        return float(((mean - centre) ** 2).sum() + np.trace(spread) + np.trace(covariance) - 2 * shared)

    return bootstrap(distance, features, resamples)


def kernel_distance(features: Array, reference: Array, seed: int = 0) -> Figure:
    """Return the squared maximum mean discrepancy under a cubic kernel (KID; Bińkowski et al. 2018, section 4).

    It is unbiased, so it may be below 0. Both sets are dealt at random into SUBSETS disjoint subsets: the value is
    the mean of theirs, which are independent, and the interval Student's. What is left over beyond equal subsets is
    unused, and ``n`` counts what is used. Raises ValueError on fewer than two rows a subset.
    """
    features, reference = _checked(features, reference, more_than=2 * SUBSETS - 1)
    rng = np.random.default_rng(seed)
    size = min(len(features), len(reference)) // SUBSETS
    left, right = (rng.permutation(rows)[: SUBSETS * size].reshape(SUBSETS, size, -1) for rows in (features, reference))
    found = np.array([_discrepancy(*pair) for pair in zip(left, right, strict=True)])
    value, half = float(found.mean()), STUDENT * float(found.std(ddof=1)) / SUBSETS**0.5
    return Figure(value=value, low=value - half, high=value + half, n=SUBSETS * size)


def sliced(features: Array, reference: Array, resamples: int = 100, seed: int = 0) -> Figure:
    """Return MIND, the sliced Wasserstein distance of two sets of features (arXiv 2605.06797), squared.

    Both sets are projected on PROJECTIONS random directions, where the distance of two sorted samples is exact. Times
    D it is on FID's scale: a shift counts as its square. It is biased up at small n, less than FID. The interval is
    a bootstrap's over ``features``; ``reference`` stands still. Sets of unlike sizes are compared by their quantiles.
    """
    features, reference = _checked(features, reference, more_than=1)
    width = features.shape[1]
    ways = np.random.default_rng(seed).normal(size=(width, PROJECTIONS))
    ways /= np.linalg.norm(ways, axis=0)
    levels = (np.arange(len(features)) + 0.5) / len(features)
    wanted = np.sort(reference @ ways, axis=0)
    if len(reference) != len(features):
        wanted = np.quantile(wanted, levels, axis=0, method="hazen")

    def distance(rows: Array) -> float:
        return float(width * ((np.sort(rows, axis=0) - wanted) ** 2).mean())

    return bootstrap(distance, features @ ways, resamples)


def nearest(rows: Array, known: Array) -> Array:
    """Return how far each row is from the nearest row of ``known``: the root of the mean square, ``(N,)``."""
    known = np.asarray(known, dtype=np.float32)
    squares = (known**2).sum(axis=1)
    found = [(squares - 2 * (known @ row)).min() + (row**2).sum() for row in np.asarray(rows, dtype=np.float32)]
    return np.sqrt(np.maximum(0, found) / known.shape[1])


def _checked(features: Array, reference: Array, more_than: int) -> tuple[Array, Array]:
    features, reference = np.asarray(features, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if features.ndim != 2 or features.shape[1:] != reference.shape[1:]:
        raise ValueError(f"features of shape {features.shape} and {reference.shape} cannot be compared")
    if (n := min(len(features), len(reference))) <= more_than:
        raise ValueError(f"this distance needs more than {more_than} samples, not {n}")
    return features, reference


def _moments(rows: Array) -> tuple[Array, Array]:
    return rows.mean(axis=0), np.atleast_2d(np.cov(rows, rowvar=False))


def _root(symmetric: Array) -> Array:
    """Return the square root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(symmetric)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def _discrepancy(left: Array, right: Array) -> float:
    """Return the unbiased estimate of two sets of one size (Gretton et al. 2012, equation 3)."""
    within = [_kernel(rows, rows) for rows in (left, right)]
    pairs = len(left) * (len(left) - 1)
    alike = sum((kernel.sum() - np.trace(kernel)) / pairs for kernel in within)
    return float(alike - 2 * _kernel(left, right).mean())


def _kernel(left: Array, right: Array) -> Array:
    return (left @ right.T / left.shape[1] + 1) ** 3
