"""A training from its recipe: everything that a run leaves, and every fault in one sentence."""

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from animegen.errors import TrainingFailed
from animegen.experiments import training
from animegen.experiments.resume import write_recipe
from animegen.experiments.training import Session
from animegen.lora_files import inspect
from animegen.training.run_folder import AdapterFolder


def session(folder: Path, say: Callable[[object], None] = lambda line: None) -> Session:
    recipe = write_recipe(folder)
    shown = recipe.samples.model_copy(update={"prompts": ("1girl, smile",), "every_epochs": 2})
    short = {"samples": shown, "epochs": 2, "batch_size": 6}
    return Session(recipe=recipe.model_copy(update=short), folder=AdapterFolder(folder / "run"), say=say)


@pytest.mark.slow
def test_a_finished_run_leaves_all_that_others_read(tmp_path: Path) -> None:
    assert session(tmp_path).run()
    run = tmp_path / "run"
    assert sorted(path.name for path in (run / "adapter").iterdir()) == [
        "adapter_config.json", "adapter_model.safetensors", "pytorch_lora_weights.safetensors", "recipe.yaml",
        "resume.json", "resume.safetensors", "text_encoder",
    ]  # fmt: skip
    assert sorted(path.name for path in (run / "epochs").iterdir()) == [f"resume-e00{n}.safetensors" for n in (1, 2)]
    assert sorted(path.name for path in (run / "samples").iterdir()) == ["e000-0.png", "e002-0.png"]
    assert json.loads((run / "status.json").read_text())["state"] == "finished"
    assert json.loads((run / "record.json").read_text())["steps"] == 4
    assert json.loads((run / "plan.json").read_text())["plan"]["steps"] == 4
    assert (run / "loss.webp").is_file()
    assert str(tmp_path) not in (run / "adapter" / "recipe.yaml").read_text()
    assert inspect(run / "epochs" / "resume-e002.safetensors").unet_modules > 0


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "free space on the disk"),
        (torch.OutOfMemoryError("of the device"), "lower batch_size"),
    ],
)
def test_what_the_machine_lacks_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception, said: str
) -> None:
    def fail(*_: object) -> None:
        raise problem

    monkeypatch.setattr(training, "load_base", fail)
    made = session(tmp_path)
    with pytest.raises(TrainingFailed, match=said):
        made.run()
    status = json.loads((tmp_path / "run" / "status.json").read_text())
    assert status["state"] == "failed"
    assert said in status["message"]
