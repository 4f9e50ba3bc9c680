"""Runs of the tiny Stable Diffusion on a few pictures, for tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from animegen.datasets.buckets import with_resolution
from animegen.datasets.layouts import read
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.interruption import Interruption
from animegen.training.process_group import ProcessGroup
from animegen.training.run_folder import AdapterFolder
from animegen.training.setup import Place, prepare
from animegen.training.trainer import Progress, Trainer
from tests import tiny
from tests.datasets.folders import write_kohya

FIELDS = {
    "name": "mika",
    "base": "tiny",
    "adapter": {"rank": 2, "alpha": 1},
    "optimizer": {"learning_rate": 0.01, "warmup": 2, "text_encoder_learning_rate": 0.005},
    "epochs": 3,
    "batch_size": 4,
    "checkpoint_epochs": 1,
}


def recipe(folder: Path, data: dict[str, Any] | None = None, **fields: Any) -> AdapterRecipe:
    """The recipe of a run of three epochs of three steps, over data that is written to ``folder``."""
    place = folder / "data"
    if not place.exists():
        write_kohya(place)
        write_kohya(folder / "regularization", regularization=True)
    shown = {"folder": place, "trigger": "mika", "shuffle": True, "bucket_step": 32, **(data or {})}
    sections = {name: {**value, **fields.pop(name, {})} for name, value in FIELDS.items() if isinstance(value, dict)}
    return AdapterRecipe.model_validate({**FIELDS, **sections, **fields, "data": shown})


def trainer(run: AdapterRecipe, folder: Path, observe: Any = lambda epoch, *, kept: None) -> Trainer:
    """A trainer of fresh networks, at step 0."""
    parts = tiny.parts(folder)
    dataset = read(with_resolution(run.data, parts.row.native_size))
    place = Place(
        folder=AdapterFolder(folder), processes=ProcessGroup(), observe=observe, report=lambda count, total: None
    )
    folder.mkdir(parents=True, exist_ok=True)
    return prepare(run, dataset, parts, place)


def begin(run: AdapterRecipe, folder: Path) -> Trainer:
    """A trainer whose folder is taken for a new run."""
    made = trainer(run, folder)
    made.folder.begin(run)
    return made


def resume(run: AdapterRecipe, folder: Path, place: Path | None = None) -> Trainer:
    """A trainer that continues the run of the folder."""
    made = trainer(run, folder)
    made.resume(run, place)
    return made


def finish(made: Trainer) -> Trainer:
    """The trainer after its last step."""
    advance(made, made.epochs.steps)
    return made


def advance(made: Trainer, steps: int) -> Sequence[Progress]:
    """Train for so many steps at most, and drop the trainer without a word, as a kill does."""
    found: list[Progress] = []
    for progress in made.train(Interruption(made.folder.path, None)):
        found.append(progress)
        if len(found) == steps and not made.finished:
            break
    return found
