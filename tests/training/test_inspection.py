"""What is known of a run before it begins, on the embedded model and on one whose tokenizer is not here."""

import json
from pathlib import Path
from typing import Any

import pytest

from animegen.errors import ModelUnavailable, TrainingFailed
from animegen.models.table import rows
from animegen.training import inspection
from animegen.training.adapter_recipe import AdapterRecipe, OptimizerSettings
from animegen.training.inspection import Inspection, inspect
from tests.datasets.folders import write_picture
from tests.datasets.linting import caption, good

STEADY = OptimizerSettings(warmup=0)


def inspected(root: Path, optimizer: OptimizerSettings = STEADY, model: str = "chibi", **data: Any) -> Inspection:
    return inspect(AdapterRecipe(name="mika", data=good(root, **data), optimizer=optimizer), rows()[model])


def keys(found: Inspection) -> list[str]:
    return [each.message.id.removeprefix("datasets.lint_") for each in found.findings]


def test_a_good_folder_has_a_plan_and_no_finding(tmp_path: Path) -> None:
    found = inspected(tmp_path)
    assert found.findings == ()
    assert found.plan is not None
    assert found.plan.uses == 120


def test_the_resolution_is_the_models_own_where_the_recipe_has_none(tmp_path: Path) -> None:
    found = inspected(tmp_path, resolution=None)
    assert found.plan is not None
    assert [(each.width, each.height) for each in found.plan.buckets] == [(256, 256)]
    assert keys(found) == ["small"]


def test_a_trigger_that_chibi_draws_already_is_ordinary(tmp_path: Path) -> None:
    assert keys(inspected(tmp_path, trigger="silver hair")) == ["ordinary"]


def test_a_caption_that_chibi_does_not_read_to_its_end_is_long(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    (tmp_path / "data/10_mika/00.txt").write_text(", ".join(["red scarf", caption(0)] * 20), encoding="utf-8")
    assert keys(inspect(AdapterRecipe(name="mika", data=recipe, optimizer=STEADY), rows()["chibi"])) == ["long"]


def test_without_a_tokenizer_a_note_says_what_is_not_checked(tmp_path: Path, monkeypatch) -> None:
    def absent(row: object) -> None:
        raise ModelUnavailable("models.weights_absent")

    monkeypatch.setattr(inspection.tokens, "load", absent)
    found = inspected(tmp_path, model="sd15")
    assert keys(found) == ["no_tokenizer"]
    assert "animegen models pull sd15" in str(found.findings[0].fix)


def test_a_warm_up_as_long_as_the_run_is_named(tmp_path: Path) -> None:
    assert keys(inspected(tmp_path, OptimizerSettings(warmup=10_000))) == ["warmup"]


def test_sizes_that_a_model_cannot_draw_are_named_with_its_own(tmp_path: Path) -> None:
    data = good(tmp_path, resolution=256, bucket_step=64)
    write_picture(data.folder / "10_mika" / "wide.png", caption(0), size=(512, 256))
    found = inspect(AdapterRecipe(name="mika", data=data, optimizer=STEADY), rows()["chibi"])
    assert "sizes" in keys(found)
    assert "resolution: 256" in str(next(each.fix for each in found.findings if each.message.id.endswith("sizes")))


def test_with_nothing_to_train_on_there_is_no_plan(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    recipe = AdapterRecipe(name="mika", data={"folder": tmp_path / "data"})
    found = inspect(recipe, rows()["chibi"])
    assert (found.plan, found.failed) == (None, True)


def test_a_picture_that_may_not_be_enlarged_leaves_no_plan(tmp_path: Path) -> None:
    found = inspected(tmp_path, resolution=None, upscale=False)
    assert (found.plan, found.failed) == (None, True)


def test_it_is_json_with_sentences_in_both_languages_and_paths_within_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data/10_mika").mkdir(parents=True)
    (tmp_path / "data/notes.odt").write_text("", encoding="utf-8")
    read = json.loads(json.dumps(inspected(tmp_path).to_json()))
    (found,) = read["findings"]
    assert found["paths"] == ["notes.odt"]
    assert set(found["message"]) == {"en", "ja"}
    assert read["plan"]["steps"] == 120 * 2 * 20
    assert read["tags"]["hoodie"] == 2


def test_settings_that_contradict_each_other_or_the_base_are_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    pissa, odd = {"method": "lokr", "initialization": "pissa"}, {"method": "oft", "rank": 5}
    for adapter, words in ((pissa, "lokr knows"), (odd, "Blocks of 5")):
        with pytest.raises(TrainingFailed, match=words):
            inspect(AdapterRecipe(name="mika", data=good(tmp_path), adapter=adapter), rows()["chibi"])


def test_dropout_that_a_method_has_not_is_noted(tmp_path: Path) -> None:
    adapter = {"method": "oft", "dropout": 0.1}
    found = inspect(AdapterRecipe(name="mika", data=good(tmp_path), adapter=adapter, optimizer=STEADY), rows()["chibi"])
    assert "training.dropout_unused" in keys(found)
