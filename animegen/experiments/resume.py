"""Does a training that is killed end as one that never was? Processes are killed and resumed, and files compared.

Kills fall uniformly over the run's wall clock, or inside the writing of a checkpoint: before or after one of its syncs
and renames. Each process is a fork of one that has the libraries imported, so that most of its time is training.
"""

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from animegen.errors import TrainingFailed
from animegen.experiments.training import Resume, Session
from animegen.lora_files.hashes import hashes
from animegen.messages import message
from animegen.training import checkpoint
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.run_folder import AdapterFolder

Say = Callable[[object], None]
PICTURES: Final = 8
GUARDED: Final = ("fsync", "replace")
"""The calls of ``os`` at which a kill inside the writing of a checkpoint falls."""
CALLS: Final = 30
"""Guarded calls of an unbroken run: three for each of the two files of five checkpoints."""
COLD: Final = 13
"""The guarded call before which the first epoch's checkpoint is whole, and the second's is not begun."""
TWICE: Final = 0.3
"""How often a run is killed a second time, after it was resumed."""
INSIDE: Final = 0.4
"""How often a kill falls inside the writing of a checkpoint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kill:
    """A kill: after ``seconds``, or at the ``call``-th guarded call of the writing of checkpoints."""

    seconds: float = 0.0
    call: int = 0


@dataclass(kw_only=True)
class Outcome:
    """What was found: kills by where they fell, runs that ended otherwise than the unbroken one, and its seconds."""

    seconds: float
    runs: int = 0
    kills: int = 0
    inside_save: int = 0
    first_epoch: int = 0
    twice: int = 0
    different: int = 0
    cold_differs: bool = False

    @property
    def passed(self) -> bool:
        """Whether every resumed run ended as the unbroken one, and the comparison sees a difference where one is."""
        return self.different == 0 and self.cold_differs


def write_recipe(folder: Path) -> AdapterRecipe:
    """Write a few pictures and return the recipe of a short run on them, with chance of every kind."""
    pictures = folder / "data" / "2_girl"
    pictures.mkdir(parents=True)
    for number in range(PICTURES):
        pixels = np.random.default_rng(number).integers(256, size=(8, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((64, 64)).save(pictures / f"{number}.png")
        (pictures / f"{number}.txt").write_text("1girl, smile, blue hair", encoding="utf-8")
    return AdapterRecipe.model_validate(
        {
            "name": "resume",
            "data": {"folder": folder / "data", "shuffle": True, "flip": True, "resolution": 64, "validation": 0.25},
            "adapter": {"rank": 4, "alpha": 2, "parts": ["unet", "text_encoder"]},
            "optimizer": {"warmup": 3, "learning_rate": 1e-3, "ema_decay": 0.9},
            "epochs": 4,
            "checkpoint_epochs": 1,
        }
    )


def measure(folder: Path, kills: int, say: Say, seed: int = 0) -> Outcome:
    """Kill runs ``kills`` times in all, resume them, and compare each with an unbroken one.

    Raises TrainingFailed where processes cannot be forked.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise TrainingFailed("experiments.fork_missing")
    recipe, chance = write_recipe(folder), random.Random(seed)
    start = time.monotonic()
    _train(recipe, folder / "unbroken")
    outcome = Outcome(seconds=time.monotonic() - start)
    wanted = result(folder / "unbroken")
    outcome.cold_differs = result(_cold(recipe, folder)) != wanted
    while outcome.kills < kills:
        place = folder / f"run-{outcome.runs:03d}"
        _kill_and_finish(recipe, place, outcome, chance, kills)
        outcome.different += result(place) != wanted
        say(message("experiments.resume_progress", kills=outcome.kills, total=kills, different=outcome.different))
    return outcome


def result(folder: Path) -> dict[str, str]:
    """Return hashes of all that a run leaves and that depends on its steps: last checkpoint, exports, losses."""
    newest = max((folder / "checkpoints").glob("step-*.safetensors"))
    losses = [
        {name: value for name, value in line.items() if name != "seconds_a_step"}
        for line in AdapterFolder(folder).metrics()
    ]
    return {
        "checkpoint": sha256(newest.read_bytes()).hexdigest(),
        "losses": sha256(json.dumps(losses).encode()).hexdigest(),
        **{path.name: hashes(path).data for path in sorted((folder / "epochs").glob("*.safetensors"))},
        **{path.name: hashes(path).data for path in sorted((folder / "adapter").glob("*.safetensors"))},
    }


def _kill_and_finish(recipe: AdapterRecipe, place: Path, outcome: Outcome, chance: random.Random, most: int) -> None:
    """Kill a run once or twice, wherever chance has it, and resume it to its end."""
    killed = 0
    for _ in range(2 if chance.random() < TWICE and outcome.kills + 2 <= most else 1):
        inside = chance.random() < INSIDE
        kill = Kill(call=chance.randint(1, CALLS)) if inside else Kill(seconds=chance.uniform(0, outcome.seconds))
        if not _train(recipe, place, kill):
            break
        killed += 1
        outcome.inside_save += inside
        outcome.first_epoch += max((line["epoch"] for line in AdapterFolder(place).metrics()), default=0) <= 1
    outcome.runs, outcome.kills, outcome.twice = outcome.runs + 1, outcome.kills + killed, outcome.twice + (killed == 2)
    _train(recipe, place)


def _train(recipe: AdapterRecipe, place: Path, kill: Kill | None = None) -> bool:
    """Begin or resume a run in a process of its own, and return whether it was killed.

    Raises TrainingFailed when it failed by itself.
    """
    process = multiprocessing.get_context("fork").Process(target=_run, args=(recipe, place, kill))
    process.start()
    if kill and kill.seconds:
        process.join(kill.seconds)
        process.kill()
    process.join()
    if process.exitcode not in (0, -signal.SIGKILL):
        raise TrainingFailed("experiments.resume_failed", folder=place.name, code=process.exitcode)
    return process.exitcode != 0


def _run(recipe: AdapterRecipe, place: Path, kill: Kill | None) -> None:
    if kill and kill.call:
        _kill_at(kill.call)
    resume: Resume = "auto" if (place / "recipe.yaml").is_file() else None
    Session(recipe=recipe, folder=AdapterFolder(place), say=lambda _: None).run(resume)


def _kill_at(number: int) -> None:
    """Let this process kill itself around the guarded call of that number, before it or after it."""
    calls = iter(range(1, 1 << 30))

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def around(*args: Any, **kwargs: Any) -> Any:
            if len(args) > 1 and Path(args[1]).parent.name != "checkpoints":
                return call(*args, **kwargs)  # a file that no run is resumed from
            count = next(calls)
            if count == number and number % 2:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = call(*args, **kwargs)
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return around

    for name in GUARDED:
        setattr(os, name, guarded(getattr(os, name)))


def _cold(recipe: AdapterRecipe, folder: Path) -> Path:
    """Return the folder of a run that was resumed without what its optimizer remembered."""
    place = folder / "cold"
    _train(recipe, place, Kill(call=COLD))
    newest = checkpoint.read_newest(place / "checkpoints")
    if newest is None:
        raise TrainingFailed("experiments.resume_failed", folder=place.name, code=0)
    step, state = newest
    forgotten = {name: value for name, value in state.items() if not name.startswith("optimizer.")}
    checkpoint.write(place / "checkpoints", step, forgotten)
    _train(recipe, place)
    return place
