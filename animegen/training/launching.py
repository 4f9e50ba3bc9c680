"""Trainers as processes: how one is launched that outlives its starter, and which is at work in a folder."""

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any, Final

import psutil

VERB: Final = "train"
OUT: Final = "--out"

if sys.platform == "win32":
    _DETACHED: dict[str, Any] = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
else:
    _DETACHED: dict[str, Any] = {"start_new_session": True}


def trains(pid: int, folder: Path) -> bool:
    """Say whether the process of that number is a trainer of that folder; a number is given to others later on."""
    try:
        process = psutil.Process(pid)
        words, place = process.cmdline(), Path(process.cwd())
    except (psutil.Error, OSError, ValueError):
        return False
    if not any("animegen" in word for word in words) or VERB not in words:
        return False
    outs = _outs(words) or [f"runs/{folder.name}"]  # where the trainer goes by itself
    return any((place / out).resolve() == folder.resolve() for out in outs)


def launch(recipe: Path, folder: Path, *options: str) -> int:
    """Start ``animegen train`` in a folder, its output appended to ``train.log`` there, and return its number.

    It is no child that ends with this process. Raises OSError.
    """
    command = [sys.executable, "-m", "animegen", VERB, str(recipe.resolve()), OUT, str(folder.resolve()), *options]
    with (folder / "train.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program, paths that the caller found
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, **_DETACHED
        )
    Thread(target=process.wait, name="trainer", daemon=True).start()  # else it would stay a zombie
    return process.pid


def _outs(words: Sequence[str]) -> list[str]:
    apart = [value for word, value in pairwise(words) if word == OUT]
    return apart + [word.removeprefix(f"{OUT}=") for word in words if word.startswith(f"{OUT}=")]
