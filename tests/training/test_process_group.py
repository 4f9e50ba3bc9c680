"""Two processes train a run together: their losses are those of one with the same batch."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from animegen.training.run_folder import AdapterFolder
from tests.training.runs import begin, finish, recipe

ROOT = Path(__file__).parents[2]


def losses(folder: Path) -> list[float]:
    return [line["loss"] for line in AdapterFolder(folder).metrics() if "loss" in line]


@pytest.mark.slow
def test_two_processes_have_the_losses_of_one_with_the_same_batch(tmp_path: Path) -> None:
    finish(begin(recipe(tmp_path, adapter={"dropout": 0.3}, batch_size=4), tmp_path / "one"))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    subprocess.run(
        [*command, ROOT / "tests" / "training" / "two_processes.py", tmp_path],
        check=True,
        env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
    )
    assert losses(tmp_path / "both") == pytest.approx(losses(tmp_path / "one"), rel=1e-3)
    assert len(losses(tmp_path / "one")) == 9
