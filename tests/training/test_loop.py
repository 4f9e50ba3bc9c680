"""The training loop: a run that was stopped goes on as if it had not been, and a bad one says so."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from animegen.errors import TrainingFailed
from animegen.training import checkpoint
from animegen.training.folder import RunFolder
from animegen.training.loop import Loss, Run
from animegen.training.recipe import Recipe

RECIPE = Recipe(
    steps=8, batch_size=4, learning_rate=0.05, warmup_steps=2, decay_steps=2, checkpoint_steps=3, log_steps=2
)


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))


def fit(model: nn.Module) -> Loss:
    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        inputs = torch.randn(4, 3, generator=generator)
        return {"loss": (model(inputs) - inputs.sum(1, keepdim=True)).square().mean()}

    return loss


def trained(folder: Path, recipe: Recipe = RECIPE) -> nn.Module:
    model = network()
    run = Run.open(model, recipe, folder)
    list(run.train(fit(model)))
    run.use_averaged()
    return model


def stopped_after(steps: int, folder: Path, recipe: Recipe = RECIPE) -> None:
    model = network()
    calls = 0

    def loss(generator: torch.Generator) -> dict[str, Tensor]:
        nonlocal calls
        calls += 1
        if calls > steps:
            raise KeyboardInterrupt
        return fit(model)(generator)

    with pytest.raises(KeyboardInterrupt):
        list(Run.open(model, recipe, folder).train(loss))


def same(one: nn.Module, other: nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


@pytest.mark.parametrize("how", [{"optimizer": "adamw"}, {"optimizer": "muon"}, {"precision": "bfloat16"}])
@pytest.mark.parametrize("steps", [1, 3, 5, 7])
def test_a_stopped_run_goes_on_to_the_weights_of_an_unbroken_one(
    tmp_path: Path, how: dict[str, str], steps: int
) -> None:
    recipe = Recipe(**RECIPE.model_dump() | how)
    unbroken = trained(tmp_path / "unbroken", recipe)
    stopped_after(steps, tmp_path / "stopped", recipe)
    assert same(trained(tmp_path / "stopped", recipe), unbroken)


def test_weights_stay_in_float32_whatever_the_arithmetic(tmp_path: Path) -> None:
    recipe = RECIPE.model_copy(update={"precision": "bfloat16", "optimizer": "muon"})
    full, half = trained(tmp_path / "full"), trained(tmp_path / "half", recipe)
    assert {weight.dtype for weight in half.parameters()} == {torch.float32}
    assert not same(full, half)


def test_a_finished_run_is_only_read_again(tmp_path: Path) -> None:
    before = trained(tmp_path)
    model = network()
    run = Run.open(model, RECIPE, tmp_path)
    assert list(run.train(fit(model))) == []
    run.use_averaged()
    assert same(model, before)


def test_a_run_lowers_its_loss(tmp_path: Path) -> None:
    recipe = RECIPE.model_copy(update={"steps": 60, "decay_steps": 10, "log_steps": 10})
    trained(tmp_path, recipe)
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert lines[-1]["loss"] < lines[0]["loss"] / 2


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_checkpoint(tmp_path: Path) -> None:
    stopped_after(4, tmp_path)
    model = network()
    run = Run.open(model, RECIPE, tmp_path)
    with pytest.raises(TrainingFailed, match="step 3 is not finite"):
        list(run.train(lambda generator: {"loss": torch.tensor(float("nan"), requires_grad=True)}))
    found = checkpoint.read_newest(tmp_path / "checkpoints")
    assert found is not None
    assert found[0] == 3


def test_another_recipe_is_refused(tmp_path: Path) -> None:
    trained(tmp_path)
    with pytest.raises(TrainingFailed, match="another recipe"):
        Run.open(network(), RECIPE.model_copy(update={"batch_size": 5}), tmp_path)


def test_a_run_may_be_made_longer(tmp_path: Path) -> None:
    trained(tmp_path)
    longer = RECIPE.model_copy(update={"steps": 12})
    model = network()
    run = Run.open(model, longer, tmp_path)
    assert [word.step for word in run.train(fit(model))] == [10, 12]


class Copies(TorchDispatchMode):
    """Counts what copies weights or moves an average of them."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += function.overloadpacket in {
            torch.ops.aten.clone, torch.ops.aten.copy_, torch.ops.aten._foreach_lerp_
        }  # fmt: skip
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize(("decay", "copied"), [(0.0, False), (0.9, True)])
def test_weights_are_copied_only_where_they_are_averaged(tmp_path: Path, decay: float, copied: bool) -> None:
    model = network()
    with Copies() as copies:
        run = Run.open(model, RECIPE.model_copy(update={"ema_decay": decay}), tmp_path)
        list(run.train(fit(model)))
        run.use_averaged()
    assert (copies.count > 0) == copied


def test_without_averaging_a_stopped_run_goes_on_too(tmp_path: Path) -> None:
    recipe = RECIPE.model_copy(update={"ema_decay": 0.0})
    unbroken = trained(tmp_path / "unbroken", recipe)
    stopped_after(5, tmp_path / "stopped", recipe)
    assert same(trained(tmp_path / "stopped", recipe), unbroken)


def test_a_run_that_is_not_opened_touches_no_file(tmp_path: Path) -> None:
    Run(network(), RECIPE, RunFolder(tmp_path / "run"))
    assert list(tmp_path.iterdir()) == []
