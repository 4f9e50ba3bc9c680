"""The training loop: steps, averaged weights, metrics and checkpoints of one run folder, resumed exactly.

All randomness of step k (its batch, its noise) comes from one generator seeded with (seed, k), so a run that was
stopped anywhere continues as if it had not been: a checkpoint needs no random state.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from animegen.errors import TrainingFailed
from animegen.training.average import Average
from animegen.training.folder import RunFolder
from animegen.training.muon import Muon
from animegen.training.recipe import Recipe, rate

OPTIMIZERS = {"adamw": torch.optim.AdamW, "muon": Muon}
TIMED = 20
"""A run's speed is that of so many steps; as many before them, in which things are compiled, are not timed."""
Loss = Callable[[torch.Generator], dict[str, Tensor]]
"""Draws the batch of a step with the generator and returns its losses by name; ``"loss"`` is the one to minimise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What an observer gets: ``step`` of ``steps``, the mean losses since the last report, and seconds a step."""

    step: int
    steps: int
    losses: dict[str, float]
    seconds: float


class Run:
    """A network in training under a recipe: its optimizer, averaged weights and step, in memory alone until opened."""

    def __init__(self, model: nn.Module, recipe: Recipe, folder: RunFolder) -> None:
        self.model, self.recipe, self.folder, self.step = model, recipe, folder, 0
        self.times: list[float] = []
        self.names = [name for name, weight in model.named_parameters() if weight.requires_grad]
        self.weights = [weight for weight in model.parameters() if weight.requires_grad]
        self.average = Average(self.weights, recipe.ema_decay) if recipe.ema_decay else None
        optimizer = OPTIMIZERS[recipe.optimizer]
        self.optimizer = optimizer(self.weights, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)

    @classmethod
    def open(cls, model: nn.Module, recipe: Recipe, folder: Path) -> "Run":
        """Return the run of a folder: a new one, or the one found there, resumed from its newest checkpoint.

        Raises TrainingFailed when the run found there was made with another recipe.
        """
        place = RunFolder(folder)
        run = cls(model, place.prepare(recipe), place)
        if (found := place.read_checkpoint()) is not None:
            run.restore(*found)
        if recipe.compiled:
            model.compile(dynamic=False)  # a second size of pictures is compiled for itself
        return run

    def train(self, loss: Loss) -> Iterator[Progress]:
        """Train to the recipe's last step, with progress each ``log_steps`` and a checkpoint each ``checkpoint_steps``.

        Raises TrainingFailed on the first loss that is not finite; the last checkpoint stays as it is.
        """
        self.model.train()
        sums: dict[str, Tensor] = {}
        start, since = time.monotonic(), self.step
        self.times = [start]
        while self.step < self.recipe.steps:
            for name, value in self._advance(loss).items():
                sums[name] = sums.get(name, 0) + value.detach()
            self._fit_to_time()
            if self.step % self.recipe.log_steps == 0 or self.step == self.recipe.steps:
                now, count = time.monotonic(), self.step - since
                means = {name: (total / count).item() for name, total in sums.items()}
                yield self._report(means, (now - start) / count)
                sums, start, since = {}, now, self.step
            if self.step % self.recipe.checkpoint_steps == 0 or self.step == self.recipe.steps:
                self.save()

    def save(self) -> None:
        """Write a checkpoint of this very step."""
        self.folder.write_checkpoint(self.step, self._state())

    def restore(self, step: int, state: dict[str, Tensor]) -> None:
        """Continue after ``step`` from the tensors of a checkpoint."""
        self.step = step
        for name, weight in zip(self.names, self.weights, strict=True):
            weight.data.copy_(state[f"weight.{name}"])
        if self.average is not None:
            self.average.restore([state[f"averaged.{name}"] for name in self.names])
        by_name = dict(zip(self.names, self.weights, strict=True))
        for key, value in state.items():
            if key.startswith("optimizer."):
                _, slot, name = key.split(".", 2)
                weight = by_name[name]
                self.optimizer.state[weight][slot] = value.to(weight.device) if value.ndim else value

    def use_averaged(self) -> None:
        """Put the averaged weights, where the recipe has any, into the model, for use after training."""
        if self.average is not None:
            self.average.copy_to(self.weights)
        self.model.eval()

    def _advance(self, loss: Loss) -> dict[str, Tensor]:
        generator = torch.Generator(self.weights[0].device).manual_seed(self.recipe.seed * 1_000_003 + self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate(self.recipe, self.step)
        with self._precision():
            losses = loss(generator)
        if not torch.isfinite(losses["loss"]):
            raise TrainingFailed(
                "training.loss_not_finite", step=self.step, rate=self.recipe.learning_rate, folder=self.folder.name
            )
        self.optimizer.zero_grad(set_to_none=True)
        losses["loss"].backward()
        nn.utils.clip_grad_norm_(self.weights, self.recipe.max_grad_norm)
        with self._precision():
            self.optimizer.step()
        self.step += 1
        if self.average is not None:
            self.average.update(self.weights, self.step)
        return losses

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

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.weights[0].device.type, torch.bfloat16, enabled=self.recipe.precision == "bfloat16")

    def _report(self, losses: dict[str, float], seconds: float) -> Progress:
        self.folder.add_metrics({"step": self.step, **losses, "seconds_a_step": round(seconds, 4)})
        return Progress(step=self.step, steps=self.recipe.steps, losses=losses, seconds=seconds)

    def _state(self) -> dict[str, Tensor]:
        """Return the tensors of a checkpoint."""
        state = {f"weight.{name}": weight.detach() for name, weight in zip(self.names, self.weights, strict=True)}
        if self.average is not None:
            averages = zip(self.names, self.average.weights, strict=True)
            state |= {f"averaged.{name}": weight for name, weight in averages}
        for name, weight in zip(self.names, self.weights, strict=True):
            state |= {f"optimizer.{key}.{name}": value for key, value in self.optimizer.state[weight].items()}
        return state
