"""Training: a run that was stopped anywhere ends as one that never was, and learns from exactly what was planned."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from animegen.errors import TrainingFailed
from animegen.training.interruption import Interruption
from animegen.training.trainer import Trainer
from tests.training.runs import advance, begin, finish, recipe, resume, trainer

HOW: dict[str, dict[str, Any]] = {
    "plain": {},
    "both networks": {"adapter": {"parts": ["unet", "text_encoder"]}},
    "averaged weights": {"optimizer": {"ema_decay": 0.9}},
    "dropout": {"adapter": {"dropout": 0.3}},
    "flips and validation": {"data": {"flip": True, "validation": 0.3}},
    "pissa": {"adapter": {"initialization": "pissa"}},
    "dora, restarts": {
        "adapter": {"method": "dora"},
        "optimizer": {"schedule": "cosine_with_restarts", "restarts": 2},
    },
    "prodigy": {"optimizer": {"name": "prodigy", "learning_rate": 1.0}},
}


def state(made: Trainer) -> dict[str, Tensor]:
    return made.optimization.state()


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def losses(made: Trainer) -> list[dict[str, Any]]:
    lines = made.folder.metrics()
    return [{name: value for name, value in line.items() if name != "seconds_a_step"} for line in lines]


@pytest.mark.parametrize("how", HOW)
def test_a_killed_run_ends_with_the_state_and_the_losses_of_an_unbroken_one(tmp_path: Path, how: str) -> None:
    run = recipe(tmp_path, **HOW[how])
    unbroken = finish(begin(run, tmp_path / "unbroken"))
    advance(begin(run, tmp_path / "killed"), 2)  # in the first epoch
    advance(resume(run, tmp_path / "killed"), 5)  # and again
    resumed = finish(resume(run, tmp_path / "killed"))
    assert same(state(unbroken), state(resumed))
    assert losses(unbroken) == losses(resumed)


def test_a_resumed_run_is_no_cold_start(tmp_path: Path) -> None:
    run = recipe(tmp_path)
    unbroken = finish(begin(run, tmp_path / "unbroken"))
    advance(begin(run, tmp_path / "killed"), 5)
    cold = resume(run, tmp_path / "killed")
    cold.optimization.optimizer.state.clear()
    assert cold.step == 3
    assert not same(state(finish(cold)), state(unbroken))


def test_a_stop_leaves_a_checkpoint_of_its_very_step(tmp_path: Path) -> None:
    run = recipe(tmp_path)
    made = begin(run, tmp_path / "run")
    steps = made.train(Interruption(tmp_path / "run", None))
    next(steps)
    next(steps)
    (tmp_path / "run" / "stop").touch()
    assert list(steps) == []
    assert resume(run, tmp_path / "run").step == 2


@pytest.mark.parametrize("how", [{"batch_size": 2, "accumulation": 2}, {"batch_size": 1, "accumulation": 4}])
def test_a_batch_in_parts_has_the_losses_of_the_whole(tmp_path: Path, how: dict[str, int]) -> None:
    whole = finish(begin(recipe(tmp_path, adapter={"dropout": 0.3}), tmp_path / "whole"))
    parts = finish(begin(recipe(tmp_path, adapter={"dropout": 0.3}, **how), tmp_path / "parts"))
    found = [[line["loss"] for line in made.folder.metrics() if "loss" in line] for made in (whole, parts)]
    assert found[0] == pytest.approx(found[1], rel=1e-3)


def test_an_epoch_learns_from_the_pictures_captions_and_latents_that_were_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recipe(tmp_path, {"flip": True, "regularization": tmp_path / "regularization"}, epochs=1)
    made = begin(run, tmp_path / "run")
    encode = made.learner.captions.encode
    monkeypatch.setattr(made.learner.captions, "encode", lambda texts: (captions.extend(texts), encode(texts))[1])
    captions: list[str] = []
    planned = Counter((use.caption, use.sample.path, use.flipped) for use in made.epochs.place(0).batch)
    for step in range(1, made.epochs.steps):
        planned += Counter((use.caption, use.sample.path, use.flipped) for use in made.epochs.place(step).batch)
    used: list[Any] = []

    class Counted(dict[Any, Any]):
        def __getitem__(self, picture: Any) -> Any:
            used.append((picture[0].path, picture[1]))
            return super().__getitem__(picture)

    object.__setattr__(made.learner, "latents", Counted(made.learner.latents))
    finish(made)
    assert Counter(zip(captions, *zip(*used, strict=True), strict=True)) == planned
    assert sum(planned.values()) == 22


def test_no_picture_is_encoded_once_the_training_has_begun(tmp_path: Path) -> None:
    made = begin(recipe(tmp_path), tmp_path / "run")
    vae, calls = made.learner.parts.vae, []
    vae.encoder.register_forward_hook(lambda *_: calls.append(1))
    finish(made)
    assert calls == []


def test_a_resumed_run_reads_the_latents_that_were_encoded(tmp_path: Path) -> None:
    run = recipe(tmp_path)
    advance(begin(run, tmp_path / "run"), 1)
    file = tmp_path / "run" / "cache" / "latents.safetensors"
    before = file.stat().st_mtime_ns
    trainer(run, tmp_path / "run")
    assert file.stat().st_mtime_ns == before


def test_the_stable_loss_is_the_same_for_the_same_weights(tmp_path: Path) -> None:
    made = begin(recipe(tmp_path, {"validation": 0.3}, adapter={"dropout": 0.5}), tmp_path / "run")
    finish(made)
    measured = made.learner.validation_loss(made.validation)
    for each in made.tuned:
        each.network.eval()
    assert made.learner.validation_loss(made.validation) == made.learner.validation_loss(made.validation)
    assert measured > 0


def test_validation_pictures_are_never_trained_on(tmp_path: Path) -> None:
    made = begin(recipe(tmp_path, {"validation": 0.3}), tmp_path / "run")
    kept = {use.sample.path for use in made.validation}
    trained = {use.sample.path for step in range(made.epochs.steps) for use in made.epochs.place(step).batch}
    assert kept
    assert not kept & trained


def test_a_loss_that_is_no_number_stops_the_run_and_leaves_its_checkpoint(tmp_path: Path) -> None:
    run = recipe(tmp_path, optimizer={"learning_rate": 1e20, "warmup": 0, "max_grad_norm": 1e20})
    made = begin(run, tmp_path / "run")
    with pytest.raises(TrainingFailed) as error:
        finish(made)
    assert error.value.message.id == "training.adapter_loss_not_finite"
    assert resume(run, tmp_path / "run").step == 0


def test_regularisation_pictures_count_by_their_weight(tmp_path: Path) -> None:
    def first_loss(weight: float) -> float:
        data = {"regularization": tmp_path / "regularization", "prior_loss_weight": weight}
        made = trainer(recipe(tmp_path, data), tmp_path / f"run{weight}")
        batch = next(
            place.batch
            for place in map(made.epochs.place, range(made.epochs.steps))
            if {use.sample.regularization for use in place.batch} == {True, False}
        )
        alone = {}
        for kind in (True, False):
            chunk = tuple(use for use in batch if use.sample.regularization is kind)
            alone[kind] = next(iter(made.learner.losses([chunk], 0, len(batch))))["loss"].item()
        whole = next(iter(made.learner.losses([batch], 0, len(batch))))["loss"].item()
        assert whole == pytest.approx(alone[True] + alone[False], rel=1e-3)
        return alone[True]

    assert first_loss(0.25) == pytest.approx(first_loss(1.0) / 4)


def test_another_recipe_is_refused_with_what_differs(tmp_path: Path) -> None:
    advance(begin(recipe(tmp_path), tmp_path / "run"), 1)
    with pytest.raises(TrainingFailed, match="seed"):
        resume(recipe(tmp_path, seed=1), tmp_path / "run")


def test_a_new_run_does_not_overwrite_another(tmp_path: Path) -> None:
    advance(begin(recipe(tmp_path), tmp_path / "run"), 1)
    with pytest.raises(TrainingFailed, match="--resume auto"):
        begin(recipe(tmp_path), tmp_path / "run")


def test_there_must_be_a_run_to_resume(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="no run"):
        resume(recipe(tmp_path), tmp_path / "run")


def test_a_checkpoint_of_another_folder_is_refused(tmp_path: Path) -> None:
    run = recipe(tmp_path)
    for name in ("one", "other"):
        advance(begin(run, tmp_path / name), 1)
    with pytest.raises(TrainingFailed, match="not a checkpoint of the run"):
        resume(run, tmp_path / "one", tmp_path / "other" / "checkpoints" / "step-0000000.safetensors")


def test_two_trainings_do_not_share_a_folder(tmp_path: Path) -> None:
    made = trainer(recipe(tmp_path), tmp_path / "run")
    with made.folder.held(), pytest.raises(TrainingFailed, match="Another training"), made.folder.held():
        pass


def test_what_a_kill_left_of_a_line_of_metrics_is_dropped(tmp_path: Path) -> None:
    run = recipe(tmp_path)
    advance(begin(run, tmp_path / "run"), 4)
    with (tmp_path / "run" / "metrics.jsonl").open("a") as file:
        file.write('{"step": 5, "lo')
    made = finish(resume(run, tmp_path / "run"))
    steps = [line["step"] for line in made.folder.metrics() if "loss" in line]
    assert steps == list(range(1, made.epochs.steps + 1))
    assert [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]


def test_averaged_weights_are_what_an_observer_sees(tmp_path: Path) -> None:
    seen: list[dict[str, Tensor]] = []
    run = recipe(tmp_path, optimizer={"ema_decay": 0.9})

    def observe(epoch: int, *, kept: bool) -> None:
        seen.append({name: weight.detach().clone() for name, weight in made.optimization.weights.items()})

    made = trainer(run, tmp_path / "run", observe)
    made.folder.begin(run)
    finish(made)
    assert made.optimization.average is not None
    assert all(
        torch.equal(one, other) for one, other in zip(seen[-1].values(), made.optimization.average.weights, strict=True)
    )
