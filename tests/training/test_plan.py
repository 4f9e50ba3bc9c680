"""The plan of a run: what was understood, its steps and rates, and the size of the file to come."""

from pathlib import Path
from typing import Any

import pytest

from animegen.datasets import plan as order
from animegen.datasets.layouts import read
from animegen.lora_files import bases
from animegen.training.adapter_recipe import AdapterRecipe, AdapterSettings, OptimizerSettings
from animegen.training.plan import Plan, make_plan
from tests.datasets.folders import recipe, write_kohya

SD1 = bases()["sd1"].layers
CHIBI = bases()["chibi"].layers


def run(root: Path, *, data: dict[str, Any] | None = None, **values: Any) -> AdapterRecipe:
    return AdapterRecipe(name="mika", data=recipe(write_kohya(root / "data"), **data or {}), **values)


def planned(chosen: AdapterRecipe, **values: Any) -> Plan:
    return make_plan(chosen, read(chosen.data), SD1, **values)


def test_the_steps_are_those_of_the_batches_that_will_be_trained_on(tmp_path: Path) -> None:
    chosen = run(tmp_path, epochs=3, batch_size=2)
    dataset = read(chosen.data)
    epochs = [order.epoch(dataset, chosen.data, seed=0, epoch=number, batch=2) for number in range(3)]
    assert planned(chosen).steps == sum(map(len, epochs))
    assert planned(chosen).steps_an_epoch == len(epochs[0])


def test_accumulation_and_processes_make_one_step_of_more_pictures(tmp_path: Path) -> None:
    plan = planned(run(tmp_path, epochs=1, batch_size=2, accumulation=2), processes=2)
    assert (plan.batch, plan.uses, plan.steps) == (8, 11, 2)


def test_the_most_steps_end_the_plan(tmp_path: Path) -> None:
    assert planned(run(tmp_path, max_steps=5)).steps == 5


def test_the_folders_are_shown_as_they_were_understood(tmp_path: Path) -> None:
    boy, girl = planned(run(tmp_path)).folders
    assert (boy.path, boy.words, boy.repeats, boy.pictures, boy.captioned) == ("1_boy", "boy", 1, 2, 2)
    assert (girl.path, girl.words, girl.repeats, girl.pictures, girl.captioned) == ("3_miko girl", "miko girl", 3, 3, 2)


def test_pictures_kept_for_validation_are_counted_in_their_folder(tmp_path: Path) -> None:
    plan = planned(run(tmp_path, data={"validation": 0.4}))
    assert sum(folder.pictures for folder in plan.folders) == 5
    assert sum(folder.kept for folder in plan.folders) == 2


def test_regularization_is_in_the_plan_with_its_weight_and_doubles_the_steps(tmp_path: Path) -> None:
    added = write_kohya(tmp_path / "class", regularization=True)
    plain = planned(run(tmp_path))
    both = planned(run(tmp_path, data={"regularization": added, "prior_loss_weight": 0.5}))
    assert plain.regularization is None
    assert both.regularization is not None
    assert (both.regularization.pictures, both.regularization.uses, both.regularization.weight) == (3, 11, 0.5)
    assert both.steps == 2 * plain.steps
    assert [folder.path for folder in both.folders if folder.regularization] == ["class/1_girl", "class/2_boy"]


def test_the_rates_are_those_of_each_network_at_each_stage(tmp_path: Path) -> None:
    optimizer = OptimizerSettings(learning_rate=1e-3, text_encoder_learning_rate=1e-5, warmup=4, schedule="constant")
    adapter = AdapterSettings(parts=("unet", "text_encoder"))
    first, *others = planned(run(tmp_path, optimizer=optimizer, adapter=adapter, max_steps=40)).stages
    assert (first.step, first.rates) == (0, pytest.approx({"unet": 2.5e-4, "text_encoder": 2.5e-6}))
    assert [stage.step for stage in others] == [4, 10, 20, 30, 39]
    assert all(stage.rates == {"unet": 1e-3, "text_encoder": 1e-5} for stage in others)


def test_rank_32_on_the_attention_of_sd_15_makes_a_file_of_10_megabytes(tmp_path: Path) -> None:
    plan = planned(run(tmp_path))
    assert [network.parameters for network in plan.networks] == [4_780_032]
    assert plan.bytes == 9_560_064


def test_what_is_taken_out_of_the_base_doubles_the_file(tmp_path: Path) -> None:
    assert planned(run(tmp_path, adapter=AdapterSettings(initialization="pissa"))).bytes == 2 * 9_560_064


def test_the_size_of_what_is_converted_is_not_known_before(tmp_path: Path) -> None:
    assert planned(run(tmp_path, adapter=AdapterSettings(method="oft"))).bytes is None


def test_buckets_are_counted(tmp_path: Path) -> None:
    assert [(each.width, each.height, each.pictures) for each in planned(run(tmp_path)).buckets] == [(64, 64, 5)]


def test_a_plan_is_the_same_once_it_was_written_and_read(tmp_path: Path) -> None:
    plan = planned(run(tmp_path), seconds_a_step=0.5)
    assert Plan.model_validate_json(plan.model_dump_json()) == plan
