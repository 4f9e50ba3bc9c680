"""Steps and epochs: each step has one batch, each epoch ends once."""

from types import SimpleNamespace
from typing import Any

from animegen.training.epochs import Epochs

LENGTHS = (3, 2, 4)


def epochs(most: int | None = None) -> Epochs:
    def plan(epoch: int) -> Any:
        return [(SimpleNamespace(epoch=epoch, number=number),) for number in range(LENGTHS[epoch])]

    return Epochs(plan, len(LENGTHS), most)


def test_every_batch_of_every_epoch_has_one_step() -> None:
    found = epochs()
    batches = [found.place(step).batch[0] for step in range(found.steps)]
    assert [(use.epoch, use.number) for use in batches] == [
        (epoch, number) for epoch, length in enumerate(LENGTHS) for number in range(length)
    ]


def test_an_epoch_ends_with_its_last_batch() -> None:
    found = epochs()
    assert [step for step in range(found.steps) if found.place(step).last] == [2, 4, 8]


def test_a_run_that_is_cut_short_ends_its_last_epoch() -> None:
    found = epochs(most=4)
    assert (found.steps, found.count) == (4, 2)
    assert [step for step in range(found.steps) if found.place(step).last] == [2, 3]
