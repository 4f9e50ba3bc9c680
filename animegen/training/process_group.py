"""The processes that train one run together, as `accelerate launch` starts them; alone where it was not used."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch
from accelerate import Accelerator
from torch import Tensor

from animegen.training.optimization import Reduce, alone

T = TypeVar("T")


class ProcessGroup:
    """This process among those of a run.

    Gradients are summed by hand and not by a wrapper around the networks: an adapter's are small, and pipelines go on
    drawing with the same networks.
    """

    def __init__(self) -> None:
        self._accelerator = Accelerator(mixed_precision="no")  # precision is the optimization's
        self.count = self._accelerator.num_processes
        self.main = self._accelerator.is_main_process
        self.device: torch.device = self._accelerator.device

    @property
    def reduce(self) -> Reduce:
        """What sums a tensor over all processes."""
        return self._sum if self.count > 1 else alone

    def own(self, parts: Sequence[T]) -> Sequence[T]:
        """Return the parts that are this process's."""
        return parts[self._accelerator.process_index :: self.count]

    def any(self, here: bool) -> bool:
        """Say in every process whether something is so in one of them."""
        return here if self.count == 1 else bool(self._sum(torch.tensor(float(here), device=self.device)) > 0)

    @contextmanager
    def main_first(self) -> Iterator[None]:
        """Let the main process do something before the others, which find what it wrote."""
        with self._accelerator.main_process_first():
            yield

    def wait(self) -> None:
        """Wait for the others."""
        self._accelerator.wait_for_everyone()

    def _sum(self, tensor: Tensor) -> Tensor:
        total: Tensor = self._accelerator.reduce(tensor, reduction="sum")
        return total
