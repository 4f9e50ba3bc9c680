"""Two ways of doing the same, timed in turn, and what their ratio is worth."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

WARM_UP = 2
RESAMPLES = 2_000
QUIET = (0.95, 1.05)
"""Within these the same work measured twice must agree, or the machine is too noisy for a verdict."""

Seconds = tuple[float, ...]
Work = Callable[[int], object]
"""One round of the work, given its number, so that no round repeats another's prompt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Seconds of each round of ``plain`` and of ``ours``, measured A B A B."""

    plain: Seconds
    ours: Seconds

    @property
    def ratio(self) -> float:
        """How many times faster ours is: the ratio of the medians."""
        return float(np.median(self.plain) / np.median(self.ours))

    @property
    def interval(self) -> tuple[float, float]:
        """The bootstrap interval of the ratio that holds 95 of 100 resamples; the same each time."""
        chance = np.random.default_rng(0)
        plain, ours = (chance.choice(times, (RESAMPLES, len(times))) for times in (self.plain, self.ours))
        low, high = np.quantile(np.median(plain, axis=1) / np.median(ours, axis=1), [0.025, 0.975])
        return float(low), float(high)

    @property
    def control(self) -> float:
        """A against A: the ratio of the medians of plain's even and odd rounds, 1 on a quiet machine."""
        return float(np.median(self.plain[::2]) / np.median(self.plain[1::2]))

    @property
    def quiet(self) -> bool:
        """Whether the control allows a verdict."""
        return QUIET[0] <= self.control <= QUIET[1]


def compare(plain: Work, ours: Work, rounds: int, clock: Callable[[], float] = time.perf_counter) -> Comparison:
    """Time ``rounds`` of each in turn, at least 2, after a warm-up of both."""
    times: dict[Work, list[float]] = {plain: [], ours: []}
    for number in range(-WARM_UP, rounds):
        for work, seconds in times.items():
            begin = clock()
            work(number)
            if number >= 0:
                seconds.append(clock() - begin)
    return Comparison(plain=tuple(times[plain]), ours=tuple(times[ours]))


def median(times: Sequence[float]) -> float:
    """Return the median in seconds."""
    return float(np.median(times))
