"""The training loop: steps, averaged weights, metrics and checkpoints of one run folder, resumed exactly.

All randomness of step k (its batch, its noise) comes from one generator seeded with (seed, k), so a run that was
stopped anywhere continues as if it had not been: a checkpoint needs no random state.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from animegen.errors import TrainingFailed
from animegen.training import optimizers
from animegen.training.folder import RunFolder
from animegen.training.optimization import NotFinite, Optimization
from animegen.training.recipe import Recipe, rate

TIMED: Final = 20
"""A run's speed is that of so many steps; as many before them, in which things are compiled, are not timed."""
Loss = Callable[[torch.Generator], Mapping[str, Tensor]]
"""Draws the batch of a step with the generator and returns its losses by name; ``"loss"`` is the one to minimise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What an observer gets: ``step`` of ``steps``, the mean losses since the last report, and seconds a step."""

    step: int
    steps: int
    losses: dict[str, float]
    seconds: float


class Run:
    """A network in training under a recipe: its optimization and step, in memory alone until opened."""

    def __init__(self, model: nn.Module, recipe: Recipe, folder: RunFolder) -> None:
        self.model, self.recipe, self.folder = model, recipe, folder
        self.times: list[float] = []
        weights = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        optimizer = optimizers.create(
            recipe.optimizer, [{"params": list(weights.values())}],
            learning_rate=recipe.learning_rate, weight_decay=recipe.weight_decay,
        )  # fmt: skip
        self.optimization = Optimization(
            weights, optimizer, max_grad_norm=recipe.max_grad_norm, ema_decay=recipe.ema_decay,
            precision=recipe.precision,
        )  # fmt: skip

    @property
    def step(self) -> int:
        """How many steps were made."""
        return self.optimization.steps

    @classmethod
    def open(cls, model: nn.Module, recipe: Recipe, folder: Path) -> "Run":
        """Return the run of a folder: a new one, or the one found there, resumed from its newest checkpoint.

        Raises TrainingFailed when the run found there was made with another recipe.
        """
        place = RunFolder(folder)
        run = cls(model, place.prepare(recipe), place)
        if (found := place.read_checkpoint()) is not None:
            run.optimization.restore(*found)
        if recipe.compiled:
            model.compile(dynamic=False)  # a second size of pictures is compiled for itself
        return run

    def train(self, loss: Loss) -> Iterator[Progress]:
        """Train to the recipe's last step, with progress each ``log_steps`` and a checkpoint each ``checkpoint_steps``.

        Raises TrainingFailed on the first loss that is not finite; the last checkpoint stays as it is.
        """
        self.model.train()
        sums: dict[str, float] = defaultdict(float)
        start, since = time.monotonic(), self.step
        self.times = [start]
        while self.step < self.recipe.steps:
            for name, value in self._advance(loss).items():
                sums[name] += value
            self._fit_to_time()
            if self.step % self.recipe.log_steps == 0 or self.step == self.recipe.steps:
                now, count = time.monotonic(), self.step - since
                yield self._report({name: total / count for name, total in sums.items()}, (now - start) / count)
                sums, start, since = defaultdict(float), now, self.step
            if self.step % self.recipe.checkpoint_steps == 0 or self.step == self.recipe.steps:
                self.save()

    def save(self) -> None:
        """Write a checkpoint of this very step."""
        self.folder.write_checkpoint(self.step, self.optimization.state())

    def use_averaged(self) -> None:
        """Put the averaged weights, where the recipe has any, into the model, for use after training."""
        if self.optimization.average is not None:
            self.optimization.average.copy_to(list(self.optimization.weights.values()))
        self.model.eval()

    def _advance(self, loss: Loss) -> dict[str, float]:
        device = next(iter(self.optimization.weights.values())).device
        generator = torch.Generator(device).manual_seed(self.recipe.seed * 1_000_003 + self.step)
        try:
            return self.optimization.advance((loss(generator) for _ in range(1)), [rate(self.recipe, self.step)])
        except NotFinite:
            raise TrainingFailed(
                "training.loss_not_finite", step=self.step, rate=self.recipe.learning_rate, folder=self.folder.name
            ) from None

    def _fit_to_time(self) -> None:
        """After 2 x TIMED steps, set the recipe's steps to what fits into its seconds; the share that decays stays."""
        if not self.recipe.seconds or len(self.times) > 2 * TIMED:
            return
        self.times.append(time.monotonic())
        if len(self.times) == 2 * TIMED + 1:
            spent, mean = self.times[-1] - self.times[0], (self.times[-1] - self.times[TIMED]) / TIMED
            steps = min(self.recipe.steps, self.step + max(1, int((self.recipe.seconds - spent) / mean)))
            decay = round(self.recipe.decay_steps * steps / self.recipe.steps)
            self.recipe = self.recipe.model_copy(update={"steps": steps, "decay_steps": decay})
            self.folder.write_recipe(self.recipe)

    def _report(self, losses: dict[str, float], seconds: float) -> Progress:
        self.folder.add_metrics({"step": self.step, **losses, "seconds_a_step": round(seconds, 4)})
        return Progress(step=self.step, steps=self.recipe.steps, losses=losses, seconds=seconds)
