"""A LoRA from its recipe: base, data, training, samples and export, in one run folder."""

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import torch

from animegen.datasets.buckets import with_resolution
from animegen.datasets.dataset import Dataset
from animegen.datasets.layouts import read
from animegen.errors import AnimegenError, TrainingFailed
from animegen.lora_files import write_kohya
from animegen.lora_files.hashes import hashes
from animegen.messages import message
from animegen.models import device, loading, selection
from animegen.models.controlnet import weights_hash
from animegen.models.loading import Parts
from animegen.studio import Studio
from animegen.tasks import TextToImage
from animegen.training import loss_curve
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.export import converted, export
from animegen.training.inspection import Inspection, inspect
from animegen.training.interruption import Interruption
from animegen.training.metadata import RunRecord, metadata
from animegen.training.process_group import ProcessGroup
from animegen.training.run_folder import RECORD, AdapterFolder
from animegen.training.setup import Place, prepare
from animegen.training.trainer import Progress, Trainer

Say = Callable[[object], None]
Resume = Path | Literal["auto"] | None
DTYPES: Final = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
LIBRARIES: Final = ("torch", "diffusers", "transformers", "peft", "accelerate")
STARTING: Final = {"step": 0, "steps": 0, "epoch": 0, "epochs": 0, "seconds_a_step": 0, "message": ""}
"""What the status says while pictures are encoded."""
PAUSE: Final = 2.0
"""Seconds between two writings of the status, and two lines on the terminal."""


@dataclass(kw_only=True)
class Session:
    """A training of ``recipe`` in ``folder``; ``say`` takes lines for the terminal, ``show`` the plan of a new run."""

    recipe: AdapterRecipe
    folder: AdapterFolder
    say: Say
    show: Callable[[Inspection], None] = lambda _: None
    processes: ProcessGroup = field(default_factory=ProcessGroup)
    status: dict[str, Any] = field(default_factory=lambda: dict(STARTING), init=False)
    """How far the run is, as its status says it."""
    noted: float = field(default=0.0, init=False)
    """When status and terminal last heard of the progress."""

    def run(self, resume: Resume = None) -> bool:
        """Train until the end or an interruption, and export; return whether the end was reached.

        ``resume`` continues the run in the folder, from its newest checkpoint or from the one named. Raises
        TrainingFailed, DatasetRefused, ModelUnavailable and AdapterRefused, which the status in the folder says, too.
        """
        with self._held():
            if resume is None and self.processes.main:
                self.folder.begin(self.recipe)
            self.processes.wait()
            with self._failures(), explained(self.folder.path.name):
                self._inspect(new=resume is None)
                return self._run(resume)

    def _inspect(self, *, new: bool) -> None:
        """Write the plan and what the linter finds, and show those of a new run. Raises TrainingFailed."""
        found = inspect(self.recipe, selection.choose(self.recipe.base).row, processes=self.processes.count)
        if self.processes.main:
            self.folder.write_json("plan.json", found.to_json())
            if new:
                self.show(found)
        if found.failed:
            raise TrainingFailed("experiments.training_findings")

    def _run(self, resume: Resume) -> bool:
        seconds = None if self.recipe.time_limit is None else 60 * self.recipe.time_limit
        interruption = Interruption(self.folder.path, seconds)
        parts = load_base(self.recipe, self.processes.device)
        dataset = read(with_resolution(self.recipe.data, parts.row.native_size))
        if self.processes.main:
            self.folder.write_status("running", **self.status)
        trainer = self._trainer(parts, dataset)
        if resume is not None:
            trainer.resume(self.recipe, None if resume == "auto" else resume)
        with interruption.listening():
            for progress in trainer.train(interruption):
                self._note(progress)
        if trainer.finished and self.processes.main:
            self._export(trainer, parts, dataset)
        self._status("finished" if trainer.finished else "stopped", trainer)
        return trainer.finished

    def _trainer(self, parts: Parts, dataset: Dataset) -> Trainer:
        """Return the trainer, its pictures encoded and its adapters in the networks."""

        def observe(epoch: int, *, kept: bool) -> None:
            if epoch % self.recipe.samples.every_epochs == 0:
                draw_samples(self.recipe, parts, self.folder.path / "samples", epoch)
            if kept:
                self._keep(trainer, parts, dataset, epoch)

        def report(count: int, total: int) -> None:
            if count == total:
                self.say(message("experiments.pictures_encoded", count=total))

        place = Place(folder=self.folder, processes=self.processes, observe=observe, report=report)
        trainer = prepare(self.recipe, dataset, parts, place)
        return trainer

    def _note(self, progress: Progress) -> None:
        """Write where the run is into the status file and to the terminal, no more often than each PAUSE."""
        now = time.monotonic()
        if not self.processes.main or (now - self.noted < PAUSE and progress.step < progress.steps):
            return
        self.noted = now
        self.status |= {
            "step": progress.step, "steps": progress.steps, "epoch": progress.epoch, "epochs": progress.epochs,
            "seconds_a_step": round(progress.seconds, 4),
        }  # fmt: skip
        self.folder.write_status("running", **self.status)
        self.say(
            message(
                "experiments.training_progress", step=progress.step, steps=progress.steps, epoch=progress.epoch,
                epochs=progress.epochs, loss=progress.loss, seconds=progress.seconds,
                minutes=progress.seconds_left / 60,
            )
        )  # fmt: skip

    def _keep(self, trainer: Trainer, parts: Parts, dataset: Dataset, epoch: int) -> None:
        """Write the LoRA as it is after an epoch, for kohya's readers and animegen."""
        record = self._record(trainer, parts, epoch)
        adapter = converted(trainer.tuned, record.base.lora_base, metadata(trainer.recipe, dataset, record))
        folder = self.folder.path / "epochs"
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.recipe.name}-e{epoch:03d}.safetensors"
        write_kohya(adapter, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def _export(self, trainer: Trainer, parts: Parts, dataset: Dataset) -> None:
        """Write the finished LoRA in every format, the loss curve, and the record of the run."""
        record = self._record(trainer, parts, trainer.epochs.count)
        said = metadata(trainer.recipe, dataset, record)
        with trainer.optimization.averaged():
            adapter = export(trainer.tuned, trainer.recipe, record, said, self.folder.path / "adapter")
        for note in adapter.notes:
            self.say(note)
        loss_curve.draw(self.folder.metrics(), self.recipe.name).save(self.folder.path / "loss.webp", lossless=True)
        self.folder.write_json(
            RECORD, finished_record(record, self.folder.path / "adapter" / f"{self.recipe.name}.safetensors")
        )

    def _record(self, trainer: Trainer, parts: Parts, epochs: int) -> RunRecord:
        """Return what was done up to now."""
        return RunRecord(
            base=parts.row,
            base_hash=weights_hash(parts.folder / "unet") if parts.row.lora_editions else "",
            prediction=trainer.learner.objective.prediction,
            zero_terminal_snr=bool(parts.scheduler_config.get("rescale_betas_zero_snr")),
            epochs=epochs,
            steps=trainer.step,
            steps_an_epoch=trainer.epochs.ends[0],
            started=self.folder.started,
            finished=datetime.now(UTC),
        )

    def _status(self, state: str, trainer: Trainer) -> None:
        if self.processes.main:
            epoch = trainer.epochs.place(max(0, trainer.step - 1)).epoch + 1
            self.folder.write_status(
                state, step=trainer.step, steps=trainer.epochs.steps, epoch=epoch, epochs=trainer.epochs.count,
                seconds_a_step=0, message="",
            )  # fmt: skip

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep other trainings out of the folder; the main process does so for all of its run."""
        if self.processes.main:
            with self.folder.held():
                yield
        else:
            yield

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Write why a run failed into its status."""
        try:
            yield
        except AnimegenError as problem:
            if self.processes.main:
                with suppress(OSError):  # on a full disk the old status stays
                    self.folder.write_status("failed", **self.status | {"message": str(problem)})
            raise


@contextmanager
def explained(folder: str) -> Iterator[None]:
    """Raise TrainingFailed, which says what to do, where the disk or the memory is full."""
    try:
        yield
    except OSError as problem:
        raise TrainingFailed("experiments.run_not_written", folder=folder, reason=problem.strerror or "") from problem
    except torch.OutOfMemoryError as problem:
        raise TrainingFailed("experiments.training_memory") from problem


def finished_record(record: RunRecord, file: Path) -> dict[str, Any]:
    """Return what `record.json` says of a finished run: what was done, on what, with which libraries, to which file."""
    return {
        "started": record.started.isoformat(timespec="seconds"),
        "finished": record.finished.isoformat(timespec="seconds"),
        "base": record.base.origin,
        "base_hash": record.base_hash,
        "epochs": record.epochs,
        "steps": record.steps,
        "data_sha256": hashes(file).data,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def load_base(recipe: AdapterRecipe, where: torch.device) -> Parts:
    """Return the parts of the recipe's base, frozen, on a device and in the recipe's precision.

    Raises ModelUnavailable.
    """
    row = selection.choose(recipe.base).row
    found = device.here()
    dtype = DTYPES.get(recipe.precision) or (found.dtype if where.type == "cuda" else torch.float32)
    placement = replace(found, device=where, dtype=dtype)
    return loading.load(row, placement, loading.folder_of(row, half=placement.half))


def draw_samples(recipe: AdapterRecipe, parts: Parts, folder: Path, epoch: int) -> None:
    """Draw the recipe's prompts with the networks as they are, and write them as `eNNN-K.png`."""
    if not recipe.samples.prompts:
        return
    folder.mkdir(exist_ok=True)
    studio = Studio(parts.row, lambda _: parts)  # a new one: it keeps what a text encoder said before
    for number, prompt in enumerate(recipe.samples.prompts):
        task = TextToImage(prompt=prompt, seed=recipe.samples.seed + number)
        studio.pictures(task)[0].image.save(folder / f"e{epoch:03d}-{number}.png")
