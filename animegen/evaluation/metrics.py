"""Figures that say how sure they are: shares with Wilson's interval, means with a bootstrap's, entropies."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Z = 1.959964
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A measured value, its 95 % interval, and the number of observations behind it."""

    value: float
    low: float
    high: float
    n: int


def share(right: int, n: int) -> Figure:
    """Return the share ``right / n`` with Wilson's interval (Wilson 1927); of nothing it is 0, from 0 to 1."""
    if n == 0:
        return Figure(value=0.0, low=0.0, high=1.0, n=0)
    p, z2 = right / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Figure(value=p, low=max(0.0, middle - half), high=min(1.0, middle + half), n=n)


def mean(values: Sequence[float], resamples: int = 2_000, seed: int = 0) -> Figure:
    """Return the mean with a percentile bootstrap's interval (Efron 1979); raises ValueError on no values."""
    if not len(values):
        raise ValueError("a mean needs at least one value")
    data = np.asarray(values, dtype=float)
    rng = np.random.default_rng(seed)
    means = data[rng.integers(len(data), size=(resamples, len(data)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Figure(value=float(data.mean()), low=float(low), high=float(high), n=len(data))


def entropy(words: Iterable[str]) -> float:
    """Return the entropy of the words' frequencies, in bits."""
    counts = np.array(list(Counter(words).values()), dtype=float)
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum()) if len(counts) else 0.0
