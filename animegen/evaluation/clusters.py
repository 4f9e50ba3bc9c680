"""Shares of answers of which one character gives many: the interval is of characters, not of answers.

Counts are ``(N, A, 2)``: of each of N characters and A attributes, how many answers are right and how many there are.
A bootstrap draws characters whole (Field and Welsh 2007), and ``n`` counts characters that answered at all.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from animegen.evaluation.metrics import Array, Figure, bootstrap
from animegen.evaluation.metrics import share as wilson


def share(counts: Array) -> Figure:
    """Return the share of right answers among all, of counts ``(N, 2)``, a row a character.

    Where nobody varies (all right, or all wrong) a bootstrap is blind: the interval is Wilson's over characters.
    """
    counts = np.asarray(counts, dtype=float).reshape(-1, 2)
    counts = counts[counts[:, 1] > 0]
    right, total = counts.sum(axis=0) if len(counts) else (0.0, 0.0)
    if right in (0, total):
        return wilson(len(counts) if right else 0, len(counts))
    return _possible(bootstrap(_ratio, counts))


def macro(counts: Array) -> Figure:
    """Return the average over attributes of each one's share of right answers: a rare attribute weighs as a common one.

    Attributes without an answer are left out. Raises ValueError when none has any.
    """
    counts = np.asarray(counts, dtype=float)
    counts = counts[counts[..., 1].sum(axis=1) > 0]
    if not len(counts):
        raise ValueError("an average needs an answer")
    counts = counts[:, counts[..., 1].sum(axis=0) > 0]
    if (counts[..., 0] == counts[..., 1]).all():
        return wilson(len(counts), len(counts))
    return _possible(bootstrap(_macro, counts))


def agreement(left: Sequence[str], right: Sequence[str]) -> float:
    """Return how often words of two lists would agree by chance: when each is paired with any of the other."""
    shares = [np.mean(np.array(left) == word) * np.mean(np.array(right) == word) for word in sorted({*left} & {*right})]
    return float(sum(shares))


def _possible(figure: Figure) -> Figure:
    """Return a share whose interval ends where shares end: a bootstrap's may reach beyond."""
    return replace(figure, low=max(0.0, figure.low), high=min(1.0, figure.high))


def _ratio(counts: Array) -> float:
    right, total = counts.sum(axis=0)
    return float(right / max(1.0, total))


def _macro(counts: Array) -> float:
    right, total = counts.sum(axis=0).T
    return float((right[total > 0] / total[total > 0]).mean())
