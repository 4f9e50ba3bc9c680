"""The folder of an adapter's run: what training, page, evaluation and publishing share, each file written whole."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml
from filelock import FileLock, Timeout
from torch import Tensor

from animegen.errors import TrainingFailed
from animegen.training import checkpoint
from animegen.training.adapter_recipe import AdapterRecipe

RECORD: Final = "record.json"
"""What was done, once the run is finished; before that, when it was begun."""
CHANGEABLE: Final = {"time_limit", "samples", "author", "licence", "description"}
"""What may differ between a run and its continuation: nothing that a weight depends on."""


class AdapterFolder:
    """The folder of one run of an adapter on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other training out of the folder. Raises TrainingFailed where one is at work there."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / "lock", timeout=0):
                yield
        except Timeout:
            raise TrainingFailed("training.folder_busy", folder=self.path.name) from None

    def begin(self, recipe: AdapterRecipe) -> None:
        """Take the folder for a new run. Raises TrainingFailed where there is one."""
        if any(self.checkpoints.glob("step-*.safetensors")):
            raise TrainingFailed("training.run_exists", folder=self.path.name)
        (self.path / "metrics.jsonl").unlink(missing_ok=True)
        self.write_json(RECORD, {"started": datetime.now(UTC).isoformat(timespec="seconds")})
        self.write_recipe(recipe)  # from here on there is a run

    def resume(
        self, recipe: AdapterRecipe, place: Path | None, *, write: bool = True
    ) -> tuple[int, Mapping[str, Tensor]] | None:
        """Return step and tensors of the checkpoint ``place``, or of the newest whole one, None before the first.

        Where it may ``write``, metrics of later steps are removed. Raises TrainingFailed when there is no run, when it
        was made with another recipe, or when the checkpoint is damaged or of another run.
        """
        if not (self.path / "recipe.yaml").is_file():
            raise TrainingFailed("training.nothing_to_resume", folder=self.path.name)
        before = AdapterRecipe.model_validate(yaml.safe_load((self.path / "recipe.yaml").read_text(encoding="utf-8")))
        if other := _differences(before, recipe):
            raise TrainingFailed("training.recipe_changed", folder=self.path.name, fields=", ".join(other))
        if place is not None and place.resolve().parent != self.checkpoints.resolve():
            raise TrainingFailed("training.foreign_checkpoint", file=place.name, folder=self.path.name)
        found = checkpoint.read_newest(self.checkpoints) if place is None else checkpoint.read(place)
        if write:
            self._cut_metrics(found[0] if found else -1)
            self.write_recipe(recipe)
        return found

    @property
    def started(self) -> datetime:
        """When the run was begun."""
        record = json.loads((self.path / RECORD).read_text(encoding="utf-8"))
        return datetime.fromisoformat(record["started"])

    @property
    def checkpoints(self) -> Path:
        """Where its checkpoints are."""
        return self.path / "checkpoints"

    def write_recipe(self, recipe: AdapterRecipe) -> None:
        """Write the recipe of the run."""
        text = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        self.write("recipe.yaml", text)

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a file of JSON."""
        self.write(name, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def write(self, name: str, text: str) -> None:
        """Write a file that readers find whole, the old one or the new."""
        aside = self.path / f"{name}.part"
        aside.write_text(text, encoding="utf-8")
        aside.replace(self.path / name)

    def add_metrics(self, line: Mapping[str, Any]) -> None:
        """Append a line of metrics."""
        with (self.path / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def metrics(self) -> list[dict[str, Any]]:
        """Return all whole lines of metrics."""
        path = self.path / "metrics.jsonl"
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        return [json.loads(line) for line in lines[:-1]]  # what follows the last newline was never finished

    def write_status(self, state: str, **values: Any) -> None:
        """Write what the run does now; ``state`` is running, stopped, finished or failed."""
        self.write_json("status.json", {"state": state, "pid": os.getpid(), **values})

    def _cut_metrics(self, step: int) -> None:
        kept = [line for line in self.metrics() if line["step"] <= step]
        self.write("metrics.jsonl", "".join(json.dumps(line) + "\n" for line in kept))


def _differences(one: AdapterRecipe, other: AdapterRecipe) -> list[str]:
    """Return the sections and fields that two recipes do not share, of those that may not change."""
    left, right = (recipe.model_dump(mode="json", exclude=CHANGEABLE) for recipe in (one, other))
    return [name for name in left if left[name] != right[name]]
