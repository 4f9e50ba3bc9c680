"""A LoRA from its recipe: the base loaded, the data checked, training, samples, and the export, in one run folder."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import torch

from animegen.datasets.buckets import with_resolution
from animegen.datasets.layouts import read
from animegen.errors import AnimegenError
from animegen.models import device, loading, selection
from animegen.models.loading import Parts
from animegen.studio import Studio
from animegen.tasks import TextToImage
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.interruption import Interruption
from animegen.training.processes import Processes
from animegen.training.run_folder import AdapterFolder
from animegen.training.setup import Place, prepare
from animegen.training.trainer import Progress, Trainer

Say = Callable[[str], None]
Resume = Path | Literal["auto"] | None
DTYPES: Final = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
STATUS_SECONDS: Final = 1.0
"""The status file is written no more often."""


def load_base(recipe: AdapterRecipe, where: torch.device) -> Parts:
    """Return the parts of the recipe's base, frozen, on a device and in the recipe's precision.

    Raises ModelUnavailable.
    """
    row = selection.choose(recipe.base).row
    found = device.here()
    dtype = DTYPES.get(recipe.precision) or (found.dtype if where.type == "cuda" else torch.float32)
    placement = replace(found, device=where, dtype=dtype)
    return loading.load(row, placement, loading.folder_of(row, half=placement.half))


@dataclass(kw_only=True)
class Session:
    """A training of ``recipe`` in ``folder``; ``say`` takes lines for the terminal."""

    recipe: AdapterRecipe
    folder: AdapterFolder
    say: Say
    processes: Processes = field(default_factory=Processes)

    def run(self, resume: Resume = None) -> bool:
        """Train until the end or an interruption, and export; return whether the end was reached.

        ``resume`` continues the folder's run, from its newest checkpoint or from the one named. Raises TrainingFailed,
        DatasetRefused, ModelUnavailable and AdapterRefused; the status in the folder says the same.
        """
        with self._held(), self._failures():
            seconds = None if self.recipe.time_limit is None else 60 * self.recipe.time_limit
            interruption = Interruption(self.folder.path, seconds)
            trainer = self._prepare(resume)
            with interruption.listening():
                self._watch(trainer, interruption)
            if trainer.finished and self.processes.main:
                self._export(trainer)
            return trainer.finished

    def _prepare(self, resume: Resume) -> Trainer:
        """Return the trainer, resumed where that is wanted."""
        if resume is None and self.processes.main:
            self.folder.begin(self.recipe)
        self.processes.wait()
        parts = load_base(self.recipe, self.processes.device)
        dataset = read(with_resolution(self.recipe.data, parts.row.native_size))
        observe = Observation(recipe=self.recipe, parts=parts, folder=self.folder.path)
        place = Place(folder=self.folder, processes=self.processes, observe=observe, report=self._report_encoding)
        trainer = prepare(self.recipe, dataset, parts, place)
        if resume is not None:
            trainer.resume(self.recipe, None if resume == "auto" else resume)
        return trainer

    def _watch(self, trainer: Trainer, interruption: Interruption) -> None:
        """Train, and write what happens into the status file and to the terminal."""
        written = said = 0.0
        for progress in trainer.train(interruption):
            now = time.monotonic()
            if now - written >= STATUS_SECONDS:
                written = now
                self._write_status("running", progress)
            if now - said >= SAY_SECONDS or progress.step == progress.steps:
                said = now
                self.say(_line(progress))
        state = "finished" if trainer.finished else "stopped"
        self._status(state, step=trainer.step, steps=trainer.epochs.steps, epochs=trainer.epochs.count)
