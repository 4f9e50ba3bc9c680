"""Two processes train a run together: their losses are those of one with the same batch."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from animegen.experiments.resume import write_recipe
from animegen.training.run_folder import AdapterFolder


def losses(folder: Path) -> list[float]:
    lines = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [line["loss"] for line in map(json.loads, lines) if "loss" in line]


def train(recipe: Path, out: Path, *options: str, processes: int) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    subprocess.run(
        [*command, "-m", "animegen", "train", str(recipe), "--out", str(out), *options],
        check=True,
        env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_two_processes_have_the_losses_of_one_with_the_same_batch(tmp_path: Path) -> None:
    AdapterFolder(tmp_path).write_recipe(write_recipe(tmp_path))
    for processes in (1, 2):
        train(
            tmp_path / "recipe.yaml", tmp_path / str(processes), "--set", f"batch_size={4 // processes}",
            "--set", "epochs=2", processes=processes,
        )  # fmt: skip
    assert losses(tmp_path / "2") == pytest.approx(losses(tmp_path / "1"), rel=1e-4)
    assert len(losses(tmp_path / "1")) > 4
