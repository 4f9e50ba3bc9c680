"""The training of an adapter: run, epoch, step; resumed at any step as if it had never been stopped."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from animegen.datasets.plan import Batch, Use
from animegen.errors import TrainingFailed
from animegen.training import checkpoint
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.changes import change
from animegen.training.epochs import Epochs
from animegen.training.interruption import Interruption
from animegen.training.learner import Learner
from animegen.training.optimization import NotFinite, Optimization
from animegen.training.process_group import ProcessGroup
from animegen.training.run_folder import AdapterFolder
from animegen.training.schedule import rate
from animegen.training.tuned import Tuned


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Where a run is after ``step`` of ``steps``: the loss of this step, and seconds a step since the run began."""

    step: int
    steps: int
    epoch: int
    epochs: int
    loss: float
    learning_rate: float
    seconds: float

    @property
    def seconds_left(self) -> float:
        """How long the run will take at this speed."""
        return (self.steps - self.step) * self.seconds


class Observer(Protocol):
    """What is done after an epoch with the networks as they are then, averaged and in evaluation mode."""

    def __call__(self, epoch: int, *, kept: bool) -> None:
        """Take note of an epoch's end, 0 being the start; ``kept`` says that its weights are kept."""


@dataclass(kw_only=True)
class Trainer:
    """A run of a recipe: ``learner`` gives the losses of batches, ``tuned`` are the networks that learn.

    ``peaks`` are their highest learning rates; ``validation`` are uses of pictures that are never trained on.
    """

    recipe: AdapterRecipe
    folder: AdapterFolder
    epochs: Epochs
    learner: Learner
    tuned: Sequence[Tuned]
    optimization: Optimization
    peaks: Sequence[float]
    processes: ProcessGroup
    validation: Sequence[Use]
    observe: Observer
    saved: int = field(default=-1, init=False)
    """The step of the newest checkpoint."""

    @property
    def step(self) -> int:
        """How many steps were made."""
        return self.optimization.steps

    @property
    def finished(self) -> bool:
        """Whether all steps were made."""
        return self.step == self.epochs.steps

    def resume(self, recipe: AdapterRecipe, place: Path | None) -> None:
        """Continue from the checkpoint ``place`` of its folder, or from the newest whole one. Raises TrainingFailed."""
        if (found := self.folder.resume(recipe, place, write=self.processes.main)) is not None:
            self._restore(*found)
        self.processes.wait()

    def train(self, interruption: Interruption) -> Iterator[Progress]:
        """Train to the last step or until the interruption, with progress after each step and a checkpoint at the end.

        Raises TrainingFailed on the first loss that is not finite, and where a checkpoint cannot be written; the last
        good checkpoint stays.
        """
        start, before = time.monotonic(), self.step
        seconds = 0.0
        if self.saved < 0:
            self._end_epoch(0)
            self._save()
        while not self.finished and not self.processes.any(interruption.requested(seconds)):
            epoch, loss, learning_rate = self._train_step()
            seconds = (time.monotonic() - start) / (self.step - before)
            yield self._report(epoch, loss, learning_rate, seconds)
            if self.epochs.place(self.step - 1).last:
                self._end_epoch(epoch)
        if self.saved != self.step:
            self._save()

    def _train_step(self) -> tuple[int, float, float]:
        """Make a step and return its epoch (from 1), its loss and its learning rate."""
        place = self.epochs.place(self.step)
        share = rate(self.recipe.optimizer, self.step, self.epochs.steps)
        rates = [share * peak for peak in self.peaks]
        try:
            losses = self.optimization.advance(self._parts(place.batch, place.epoch), rates)
        except NotFinite:
            raise TrainingFailed(
                "training.adapter_loss_not_finite", step=self.step, rate=max(rates), folder=self.folder.path.name
            ) from None
        return place.epoch + 1, losses["loss"], rates[0]

    def _parts(self, batch: Batch, epoch: int) -> Iterator[Mapping[str, Tensor]]:
        """Yield the losses of this process's chunks of a batch; where it has none, one of nothing."""
        for each in self.tuned:
            each.network.train()
        size = self.recipe.batch_size
        chunks = self.processes.own([batch[start : start + size] for start in range(0, len(batch), size)])
        yield from self.learner.losses(chunks, epoch, len(batch))
        if not chunks:
            yield {"loss": torch.zeros((), device=self.processes.device, requires_grad=True)}

    def _report(self, epoch: int, loss: float, learning_rate: float, seconds: float) -> Progress:
        line = {"step": self.step, "epoch": epoch, "loss": loss, "learning_rate": learning_rate}
        if self.processes.main:
            self.folder.add_metrics(line | {"seconds_a_step": round(seconds, 4)})
        return Progress(
            step=self.step, steps=self.epochs.steps, epoch=epoch, epochs=self.epochs.count, loss=loss,
            learning_rate=learning_rate, seconds=seconds,
        )  # fmt: skip

    def _end_epoch(self, epoch: int) -> None:
        """Measure and show what was learned, and keep it where the recipe says so."""
        kept = self.finished or (epoch > 0 and epoch % self.recipe.checkpoint_epochs == 0)
        if self.processes.main:
            for each in self.tuned:
                each.network.eval()
            with self.optimization.averaged():
                self.folder.add_metrics({"step": self.step, "epoch": epoch, **self._measure()})
                self.observe(epoch, kept=kept)
        self.processes.wait()
        if kept:
            self._save()

    def _measure(self) -> dict[str, object]:
        """Return the stable loss, where there are validation pictures, and how far the weights have moved."""
        moved = {name: value for each in self.tuned for name, value in change(each).items()}
        with self.optimization.autocast():
            loss = {"validation_loss": self.learner.validation_loss(self.validation)} if self.validation else {}
        return {**loss, "change": moved}

    def _save(self) -> None:
        """Write a checkpoint of this very step."""
        if self.processes.main:
            checkpoint.write(self.folder.checkpoints, self.step, self.optimization.state() | dict(self._initial()))
        self.saved = self.step
        self.processes.wait()

    def _restore(self, step: int, state: Mapping[str, Tensor]) -> None:
        """Continue after ``step`` from a checkpoint. Raises TrainingFailed where it is of another adapter."""
        for each in self.tuned:
            weights = {name: state[f"weight.{each.part}.{name}"] for name in each.parameters}
            start = f"initial.{each.part}."
            initial = {name.removeprefix(start): value for name, value in state.items() if name.startswith(start)}
            each.load_state(weights | initial)
        self.optimization.restore(step, state)
        self.saved = step

    def _initial(self) -> Iterator[tuple[str, Tensor]]:
        """Yield what a checkpoint needs beside the weights that learn: initial factors taken out of the base."""
        for each in self.tuned:
            others = {name: value for name, value in each.state().items() if name not in each.parameters}
            yield from ((f"initial.{each.part}.{name}", value) for name, value in others.items())
