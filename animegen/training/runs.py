"""The folder of all runs: listed, found by name, begun, stopped and resumed, each by a process of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final

from animegen.errors import InvalidRequest, TrainingFailed
from animegen.lora_files.folders import inside
from animegen.training.launching import launch
from animegen.training.recipe_file import read_recipe
from animegen.training.run import RECIPE, STATUS, STOP, Run, Status, read

MOST: Final = 30
"""How many runs are listed, the newest."""


class Runs:
    """The runs that lie in ``folder``, and the recipes in ``recipes`` that one can begin with.

    A name that comes from elsewhere is looked for among those that lie there and never made a path of.
    """

    def __init__(self, folder: Path, recipes: Path = Path("recipes")) -> None:
        self.folder = folder
        self.recipe_folder = recipes
        self._launching = Lock()

    @classmethod
    def of(cls, folder: Path | None) -> "Runs | None":
        """Return the runs of a folder, None for none."""
        return cls(folder) if folder else None

    def all(self) -> list[Run]:
        """Return the newest runs, the newest first."""
        folders = sorted(self._folders(), key=_begun, reverse=True)
        return [read(each) for each in folders[:MOST]]

    def find(self, name: Any) -> Run:
        """Return the run of that name. Raises InvalidRequest where there is none."""
        for each in self._folders():
            if each.name == name:
                return read(each)
        raise InvalidRequest("training.no_run", name=str(name)[:40])

    def recipes(self) -> dict[str, Path]:
        """Return the recipe files by their names without the ending, first those whose pictures are here."""
        found = sorted(each for each in _children(self.recipe_folder) if each.suffix == ".yaml")
        return {each.stem: each for each in sorted(found, key=lambda each: not _has_pictures(each))}

    def start(self, recipe: Any) -> str:
        """Begin a run with a recipe, in a new folder of its name, and return that.

        Raises InvalidRequest where there is no such recipe, and TrainingFailed where no process can be started.
        """
        path = next((path for name, path in self.recipes().items() if name == recipe), None)
        if path is None:
            raise InvalidRequest("training.no_such_recipe", name=str(recipe)[:40], folder=self.recipe_folder.name)
        with self._launching, _explained(path.stem):
            folder = self._new(path.stem)
            _launch(path, folder)
        return folder.name

    def stop(self, name: Any) -> None:
        """Ask the trainer of a run to leave with a checkpoint. Raises InvalidRequest and TrainingFailed."""
        run = self.find(name)
        if not run.alive:
            raise InvalidRequest("training.not_running", name=run.name)
        with _explained(run.name):
            (run.folder / STOP).touch()

    def resume(self, name: Any) -> None:
        """Go on with a run that was stopped, from its last checkpoint. Raises InvalidRequest and TrainingFailed."""
        run = self.find(name)
        with self._launching, _explained(run.name):
            if not read(run.folder).resumable:
                raise InvalidRequest("training.not_resumable", name=run.name)
            (run.folder / STOP).unlink(missing_ok=True)
            _launch(run.folder / RECIPE, run.folder, "--resume", "auto")

    def _folders(self) -> Iterator[Path]:
        """Yield the folders that hold a run."""
        for each in _children(self.folder):
            if (each / STATUS).is_file():
                yield each

    def _new(self, stem: str) -> Path:
        """Make the folder of a new run, or take that of one which did not come to begin. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            folder = self.folder / (stem if number == 1 else f"{stem}-{number}")
            if _never_begun(folder):
                return folder
            with suppress(FileExistsError):
                folder.mkdir()
                return folder
        raise AssertionError


def _never_begun(folder: Path) -> bool:
    """Say whether a trainer was started in a folder and left before it took it, as by a recipe that cannot be read."""
    return (folder / STATUS).is_file() and not (folder / RECIPE).exists() and not read(folder).alive


def _has_pictures(recipe: Path) -> bool:
    """Say whether the data folder of a recipe is here; a broken recipe has none."""
    try:
        return read_recipe(recipe).data.folder.is_dir()
    except TrainingFailed:
        return False


def _launch(recipe: Path, folder: Path, *options: str) -> None:
    """Start a trainer; until it writes its own status there is one that says that it runs. Raises OSError."""
    before = read(folder).status
    (folder / STATUS).unlink(missing_ok=True)
    try:
        pid = launch(recipe, folder, *options)
    except OSError as problem:
        _write(folder, before, state="failed", message=problem.strerror)
        raise
    _write(folder, before, state="running", pid=pid, message="")


def _write(folder: Path, before: Status, **changed: Any) -> None:
    """Write a status, unless the trainer was quicker."""
    with suppress(FileExistsError), (folder / STATUS).open("x", encoding="utf-8") as file:
        json.dump(before.model_copy(update=changed).model_dump(), file)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Raise TrainingFailed, which names the run, for what the system refuses."""
    try:
        yield
    except OSError as problem:
        raise TrainingFailed("training.system_refuses", name=name, why=str(problem.strerror)) from problem


def _children(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder under a name that can be shown; a link that leads out of it is passed over."""
    try:
        yield from (each for each in folder.iterdir() if each.name.isprintable() and inside(each, folder))
    except OSError:
        return


def _begun(folder: Path) -> float:
    """Return when a run was begun, as a Unix time, as far as its files tell."""
    for name in (RECIPE, STATUS):
        with suppress(OSError):
            return (folder / name).stat().st_mtime
    return 0.0
