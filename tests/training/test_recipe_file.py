"""Recipes read from YAML: every mistake is one sentence that names the file and the field."""

from pathlib import Path

import pytest

from animegen.errors import TrainingFailed
from animegen.training.recipe_file import read_recipe

RECIPE = """
name: mika
data:
  folder: pictures
  trigger: mika
optimizer:
  learning_rate: 1e-4
"""


def written(folder: Path, text: str = RECIPE) -> Path:
    path = folder / "mika.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_recipe_leaves_out_is_what_the_field_documents(tmp_path: Path) -> None:
    recipe = read_recipe(written(tmp_path))
    assert (recipe.adapter.rank, recipe.adapter.alpha, recipe.adapter.dropout) == (32, 32, 0.1)
    assert (recipe.epochs, recipe.optimizer.weight_decay, recipe.optimizer.warmup) == (20, 0.01, 100)


def test_a_rate_in_the_short_form_that_yaml_takes_for_text_is_a_number(tmp_path: Path) -> None:
    assert read_recipe(written(tmp_path)).optimizer.learning_rate == 1e-4


def test_a_folder_is_relative_to_the_recipe(tmp_path: Path) -> None:
    assert read_recipe(written(tmp_path)).data.folder == tmp_path / "pictures"


def test_a_folder_on_the_command_line_is_relative_to_the_working_folder(tmp_path: Path) -> None:
    recipe = read_recipe(written(tmp_path), ["data.folder=elsewhere"])
    assert recipe.data.folder == Path("elsewhere").resolve()


def test_a_change_on_the_command_line_wins(tmp_path: Path) -> None:
    recipe = read_recipe(written(tmp_path), ["adapter.rank=8", "optimizer.warmup=0.1", "data.exclude=[1girl, solo]"])
    assert (recipe.adapter.rank, recipe.optimizer.warmup, recipe.data.exclude) == (8, 0.1, ("1girl", "solo"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (RECIPE + "batchsize: 4\n", "batchsize"),
        (RECIPE + "epochs: 0\n", "epochs"),
        (RECIPE + "adapter: {method: loha}\n", "adapter.method"),
        (RECIPE + "adapter: {rank: many}\n", "adapter.rank"),
        ("name: ../mika\ndata: {folder: x}\n", "name"),
        ("name: mika\n", "data"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(TrainingFailed) as error:
        read_recipe(written(tmp_path, text))
    assert dict(error.value.message.values)["field"] == named
    assert "mika.yaml" in str(error.value)


@pytest.mark.parametrize("text", ["[", "- a\n- b\n", "just words", ""])
def test_what_is_no_yaml_of_keys_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(TrainingFailed, match="not YAML"):
        read_recipe(written(tmp_path, text))


@pytest.mark.parametrize(
    "change", ["rank", "adapter.rank.deep=3", "adapter.rank.very.deep=3", "adapter.rank=[", "name.first=x"]
)
def test_a_change_that_says_nothing_is_refused(tmp_path: Path, change: str) -> None:
    path = written(tmp_path, RECIPE + "adapter: {rank: 4}\n")
    with pytest.raises(TrainingFailed):
        read_recipe(path, [change])


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match=r"mika\.yaml cannot be read"):
        read_recipe(tmp_path / "mika.yaml")


def test_nothing_in_a_recipe_is_executed(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="not YAML"):
        read_recipe(written(tmp_path, "name: !!python/object/apply:os.getcwd []\n"))


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "recipes").glob("*.yaml")), ids=lambda path: path.stem
)
def test_a_recipe_that_comes_with_the_source_can_be_read(path: Path) -> None:
    assert read_recipe(path).name == path.stem
