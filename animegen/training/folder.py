"""The folder of a training run: ``recipe.json``, ``metrics.jsonl`` and ``checkpoints/``."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

from torch import Tensor

from animegen.errors import TrainingFailed
from animegen.training import checkpoint
from animegen.training.recipe import Recipe

EXTENDABLE: Final = {"steps", "decay_steps", "seconds"}
"""What may differ between a run and its continuation."""
AnyRecipe = TypeVar("AnyRecipe", bound=Recipe)


class RunFolder:
    """The folder of one run on disk; nothing else reads or writes what is in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.path.name

    def prepare(self, recipe: AnyRecipe) -> AnyRecipe:
        """Make the folder, write the recipe there, and return it as the run continues with it.

        Raises TrainingFailed when a run is there already that was made with another recipe.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        before = self._read_recipe(type(recipe))
        if before and before.model_dump(exclude=EXTENDABLE) != recipe.model_dump(exclude=EXTENDABLE):
            raise TrainingFailed("training.other_recipe", folder=self.name)
        if before and before.seconds and before.seconds == recipe.seconds:
            recipe = before  # its steps have been fitted to the time already
        self.write_recipe(recipe)
        return recipe

    def write_recipe(self, recipe: Recipe) -> None:
        """Write the recipe of the run."""
        self._recipe.write_text(recipe.model_dump_json(indent=2), encoding="utf-8")

    def add_metrics(self, line: Mapping[str, float]) -> None:
        """Append a line of metrics."""
        with (self.path / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def write_checkpoint(self, step: int, tensors: Mapping[str, Tensor]) -> None:
        """Write the state after ``step`` steps."""
        checkpoint.write(self.path / "checkpoints", step, tensors)

    def read_checkpoint(self) -> tuple[int, dict[str, Tensor]] | None:
        """Return step and tensors of the newest whole checkpoint; None where there is none."""
        return checkpoint.read_newest(self.path / "checkpoints")

    @property
    def _recipe(self) -> Path:
        return self.path / "recipe.json"

    def _read_recipe(self, kind: type[AnyRecipe]) -> AnyRecipe | None:
        return kind.model_validate_json(self._recipe.read_text(encoding="utf-8")) if self._recipe.exists() else None
