"""Run by two processes at once: train the recipe of a folder together."""

import sys
from pathlib import Path

from tests.training.runs import finish, recipe, trainer

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    run = recipe(folder, adapter={"dropout": 0.3}, batch_size=2)
    made = trainer(run, folder / "both")
    if made.processes.main:
        made.folder.begin(run)
    made.processes.wait()
    finish(made)
