"""Figures that say how sure they are: shares with Wilson's interval, everything else with a bootstrap's."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Z = 1.959964
"""Standard deviations of a 95 % interval."""
Array = NDArray[Any]


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
    # The interval reaches p where p is 0 or 1; rounding must not take it a hair short.
    return Figure(value=p, low=min(p, max(0.0, middle - half)), high=max(p, min(1.0, middle + half)), n=n)


def bootstrap(statistic: Callable[[Array], float], rows: Array, resamples: int = 1_000, seed: int = 0) -> Figure:
    """Return a statistic of observations, the rows of an array, with a bootstrap's interval (Efron 1979).

    Rows are drawn with replacement and stay whole, so what belongs to one observation stays together. The resamples'
    2.5th and 97.5th percentiles are moved so that the resamples' mean falls on the value: repeated rows bias some
    statistics (an entropy down, a distance up), which would lie outside of their own interval otherwise.
    Raises ValueError on no rows.
    """
    if not len(rows):
        raise ValueError("a bootstrap needs at least one observation")
    rng = np.random.default_rng(seed)
    value = statistic(rows)
    found = np.array([statistic(rows[rng.integers(len(rows), size=len(rows))]) for _ in range(resamples)])
    low, high = np.percentile(found - found.mean(), [2.5, 97.5]) + value
    return Figure(value=value, low=min(float(low), value), high=max(float(high), value), n=len(rows))


def mean(values: Sequence[float]) -> Figure:
    """Return the mean with a bootstrap's interval; raises ValueError on no values."""
    return bootstrap(lambda rows: float(rows.mean()), np.asarray(values, dtype=float))


def difference(left: Sequence[float], right: Sequence[float]) -> Figure:
    """Return the mean of ``left`` less that of ``right``, two independent samples, with Welch's normal interval.

    Raises ValueError when one of them has fewer than two values.
    """
    if min(len(left), len(right)) < 2:
        raise ValueError("a difference needs at least two values on each side")
    value = float(np.mean(left) - np.mean(right))
    half = Z * math.sqrt(np.var(left, ddof=1) / len(left) + np.var(right, ddof=1) / len(right))
    return Figure(value=value, low=value - half, high=value + half, n=len(left) + len(right))


def entropy(words: Iterable[str]) -> float:
    """Return the plug-in entropy of the words' frequencies, in bits.

    It is biased low, by about (kinds - 1) / (2 n ln 2) bits (Miller 1955): compare entropies of equal n only.
    """
    counts = np.array(list(Counter(words).values()), dtype=float)
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum()) if len(counts) else 0.0


def entropy_ratio(found: Sequence[str], data: Sequence[str]) -> Figure:
    """Return the entropy of ``found`` over that of ``data``, word for word of the same observations; 0 over 0 is 0.

    Both plug-in estimates are biased low by about as much. Raises ValueError on no words or unequal numbers.
    """
    return bootstrap(_entropy_ratio, np.array(list(zip(found, data, strict=True))), resamples=500)


def _entropy_ratio(rows: Array) -> float:
    whole = entropy(rows[:, 1])
    return entropy(rows[:, 0]) / whole if whole else 0.0


def f1(counts: Array) -> Figure:
    """Return F1, the harmonic mean of precision and recall (van Rijsbergen 1979), of all observations together.

    ``counts`` is ``(N, 3)``: how many each observation has right, has too many, and misses. Nothing at all is 0.
    """
    return bootstrap(_f1, counts)


def _f1(counts: Array) -> float:
    right, extra, missed = counts.sum(axis=0)
    return float(2 * right / max(1, 2 * right + extra + missed))


def psnr(picture: Array, reference: Array, peak: float = 255) -> float:
    """Return the peak signal-to-noise ratio of two pictures of one shape in dB, infinite where they are equal.

    ``peak`` is the range of their values: 255 in bytes, 2 in [-1, 1].
    """
    error = float(np.mean((np.asarray(picture, dtype=float) - np.asarray(reference, dtype=float)) ** 2))
    return 10 * math.log10(peak**2 / error) if error else math.inf


def ssim(picture: Array, reference: Array, peak: float = 255) -> float:
    """Return the mean structural similarity of two pictures of one shape, 1 where they are equal.

    Wang et al. 2004, equation 13, with their window (a Gaussian of 11 pixels, sigma 1.5) and constants; channels are
    averaged. Both sides are at least 11 pixels.
    """
    x, y = np.asarray(picture, dtype=float), np.asarray(reference, dtype=float)
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    mean_x, mean_y = _window(x), _window(y)
    spread = _window(x * x) - mean_x**2 + _window(y * y) - mean_y**2
    together = _window(x * y) - mean_x * mean_y
    alike = (2 * mean_x * mean_y + c1) * (2 * together + c2) / ((mean_x**2 + mean_y**2 + c1) * (spread + c2))
    return float(alike[5:-5, 5:-5].mean())


def _window(values: Array) -> Array:
    return cv2.GaussianBlur(values, (11, 11), 1.5)
