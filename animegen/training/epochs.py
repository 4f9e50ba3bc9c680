"""Where a run is in its epochs: which batch a step learns from, and when an epoch is over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from animegen.datasets.plan import Batch


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The place of a step: its ``epoch`` (from 0), its ``batch``, and whether it is the ``last`` of the epoch."""

    epoch: int
    batch: Batch
    last: bool


class Epochs:
    """The epochs of a run, each planned by ``plan(epoch)`` when it is needed; ``most`` steps at most."""

    def __init__(self, plan: Callable[[int], Sequence[Batch]], count: int, most: int | None) -> None:
        self._plan = lru_cache(maxsize=2)(plan)
        self.ends = list(accumulate(len(self._plan(epoch)) for epoch in range(count)))
        self.steps = min(self.ends[-1], most or self.ends[-1])

    def place(self, step: int) -> Place:
        """Return the place of a step (from 0)."""
        epoch = next(number for number, end in enumerate(self.ends) if step < end)
        start = self.ends[epoch - 1] if epoch else 0
        return Place(
            epoch=epoch, batch=self._plan(epoch)[step - start], last=step + 1 in (self.ends[epoch], self.steps)
        )

    @property
    def count(self) -> int:
        """How many epochs are begun."""
        return next(number for number, end in enumerate(self.ends, 1) if self.steps <= end)
