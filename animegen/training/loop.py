"""The training loop: steps, averaged weights, metrics and checkpoints of one run folder, resumed exactly.

All randomness of step k (its batch, its noise) comes from one generator seeded with (seed, k), so a run that was
stopped anywhere goes on as if it had not been: a checkpoint needs no random state.
"""

import json
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from animegen.errors import TrainingFailed
from animegen.training import checkpoint
from animegen.training.muon import Muon
from animegen.training.recipe import Recipe, rate

OPTIMIZERS = {"adamw": torch.optim.AdamW, "muon": Muon}
EXTENDABLE = {"steps", "decay_steps", "seconds"}
TIMED = 20
"""A run's speed is that of so many steps; as many before them, in which things are compiled, are not timed."""
Loss = Callable[[torch.Generator], dict[str, Tensor]]
"""Draws the batch of a step with the generator and returns its losses by name; ``"loss"`` is the one to descend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What an observer hears: ``step`` of ``steps``, the mean losses since the last word, and seconds a step."""

    step: int
    steps: int
    losses: dict[str, float]
    seconds: float


Training = Generator[Progress, None, None]
"""A training that goes on as long as it is asked how it goes; closed before its end, it writes a checkpoint."""


class Run:
    """A network in training under a recipe, with optimizer, averaged weights and a folder for its checkpoints.

    ``folder`` holds ``recipe.json``, ``metrics.jsonl`` and ``checkpoints/``. A run found there is resumed;
    raises TrainingFailed when it was made with another recipe (only EXTENDABLE may differ).
    """

    def __init__(self, model: nn.Module, recipe: Recipe, folder: Path) -> None:
        self.model, self.recipe, self.folder, self.step = model, recipe, folder, 0
        self.began: list[float] = []
        self.names = [name for name, weight in model.named_parameters() if weight.requires_grad]
        self.weights = [weight for weight in model.parameters() if weight.requires_grad]
        self.averaged = [weight.detach().clone() for weight in self.weights]
        optimizer = OPTIMIZERS[recipe.optimizer]
        self.optimizer = optimizer(self.weights, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
        if recipe.compiled:
            model.compile(dynamic=False)  # a second size of pictures is compiled anew, not for any size
        folder.mkdir(parents=True, exist_ok=True)
        self._check_recipe()
        self._resume()

    def train(self, loss: Loss) -> Training:
        """Train to the recipe's last step, yielding progress each ``log_steps``; checkpoints as the recipe says.

        Raises TrainingFailed on the first loss that is not finite; the last checkpoint stays as it is.
        """
        self.model.train()
        sums: dict[str, Tensor] = {}
        began, since = time.monotonic(), self.step
        self.began = [began]
        while self.step < self.recipe.steps:
            for name, value in self._advance(loss).items():
                sums[name] = sums.get(name, 0) + value.detach()
            self._fit_to_time()
            if self.step % self.recipe.log_steps == 0 or self.step == self.recipe.steps:
                now, count = time.monotonic(), self.step - since
                means = {name: (total / count).item() for name, total in sums.items()}
                try:
                    yield self._report(means, (now - began) / count)
                except GeneratorExit:
                    self.save()
                    raise
                sums, began, since = {}, now, self.step
            if self.step % self.recipe.checkpoint_steps == 0 or self.step == self.recipe.steps:
                self.save()

    def save(self) -> None:
        """Write a checkpoint of this very step."""
        checkpoint.write(self.folder / "checkpoints", self.step, self._state())

    def use_averaged(self) -> None:
        """Put the averaged weights into the model, for use after training."""
        for weight, averaged in zip(self.weights, self.averaged, strict=True):
            weight.data.copy_(averaged)
        self.model.eval()

    def _advance(self, loss: Loss) -> dict[str, Tensor]:
        generator = torch.Generator(self.weights[0].device).manual_seed(self.recipe.seed * 1_000_003 + self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate(self.recipe, self.step)
        with self._precision():
            losses = loss(generator)
        if not torch.isfinite(losses["loss"]):
            raise TrainingFailed(
                f"The loss of step {self.step} is not a number; lower the learning rate "
                f"({self.recipe.learning_rate}) and resume from the last checkpoint in {self.folder.name}."
            )
        self.optimizer.zero_grad(set_to_none=True)
        losses["loss"].backward()
        nn.utils.clip_grad_norm_(self.weights, self.recipe.max_grad_norm)
        with self._precision():
            self.optimizer.step()
        self.step += 1
        # The average begins short, so that the first random weights are soon forgotten.
        decay = min(self.recipe.ema_decay, self.step / (self.step + 10))
        torch._foreach_lerp_(self.averaged, [weight.detach() for weight in self.weights], 1 - decay)
        return losses

    def _fit_to_time(self) -> None:
        """After 2 x TIMED steps, set the recipe's steps to what fits into its seconds; the share that decays stays."""
        if not self.recipe.seconds or len(self.began) > 2 * TIMED:
            return
        self.began.append(time.monotonic())
        if len(self.began) == 2 * TIMED + 1:
            spent, mean = self.began[-1] - self.began[0], (self.began[-1] - self.began[TIMED]) / TIMED
            steps = min(self.recipe.steps, self.step + max(1, int((self.recipe.seconds - spent) / mean)))
            decay = round(self.recipe.decay_steps * steps / self.recipe.steps)
            self.recipe = self.recipe.model_copy(update={"steps": steps, "decay_steps": decay})
            self._write_recipe()

    def _write_recipe(self) -> None:
        (self.folder / "recipe.json").write_text(self.recipe.model_dump_json(indent=2), encoding="utf-8")

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.weights[0].device.type, torch.bfloat16, enabled=self.recipe.precision == "bfloat16")

    def _report(self, losses: dict[str, float], seconds: float) -> Progress:
        progress = Progress(step=self.step, steps=self.recipe.steps, losses=losses, seconds=seconds)
        line = {"step": self.step, **losses, "seconds_a_step": round(seconds, 4)}
        with (self.folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return progress

    def _state(self) -> dict[str, Tensor]:
        state = {}
        for name, weight, averaged in zip(self.names, self.weights, self.averaged, strict=True):
            state[f"weight.{name}"], state[f"averaged.{name}"] = weight.detach(), averaged
            for key, value in self.optimizer.state[weight].items():
                state[f"optimizer.{key}.{name}"] = value
        return state

    def _resume(self) -> None:
        if (found := checkpoint.read_newest(self.folder / "checkpoints")) is None:
            return
        self.step, state = found
        for name, weight, averaged in zip(self.names, self.weights, self.averaged, strict=True):
            weight.data.copy_(state[f"weight.{name}"])
            averaged.copy_(state[f"averaged.{name}"])
        by_name = dict(zip(self.names, self.weights, strict=True))
        for key, value in state.items():
            if key.startswith("optimizer."):
                _, slot, name = key.split(".", 2)
                weight = by_name[name]
                self.optimizer.state[weight][slot] = value.to(weight.device) if value.ndim else value

    def _check_recipe(self) -> None:
        path = self.folder / "recipe.json"
        if path.exists():
            before = Recipe.model_validate_json(path.read_text(encoding="utf-8"))
            if before.model_dump(exclude=EXTENDABLE) != self.recipe.model_dump(exclude=EXTENDABLE):
                raise TrainingFailed(
                    f"The run in {self.folder.name} was made with another recipe; choose a new folder or remove it."
                )
            if before.seconds and before.seconds == self.recipe.seconds:
                self.recipe = before  # its steps have been fitted to the time already
        self._write_recipe()
