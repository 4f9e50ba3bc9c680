"""Which parts of the weights are stale: never trained, by another recipe, or on top of other parts."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from animegen import chibi
from animegen.chibi.build import record
from animegen.chibi.build.origin import origin, stale
from animegen.chibi.build.renders import artist_hash
from animegen.chibi.build.workshop import Stage
from animegen.training.recipe import Recipe

RECIPE: dict[str, Any] = {"steps": 2, "batch_size": 2, "learning_rate": 0.001}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return a weights folder in which everything is as a build today would make it."""
    for part in ("vae", "text_encoder", "unet"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "model.safetensors").write_bytes(part.encode())
    recipes = "".join(f"[{stage}]\nrenders = 4\nsteps = 2\nbatch_size = 2\nlearning_rate = 0.001\n" for stage in Stage)
    (tmp_path / "recipes.toml").write_text(recipes)
    made = (Recipe(**RECIPE),)
    write(tmp_path, dict.fromkeys(Stage, made), {stage: origin(stage, tmp_path) for stage in Stage})
    return tmp_path


def write(weights: Path, recipes: dict[Stage, Any], origins: dict[Stage, str]) -> None:
    known = record.read(Path(chibi.__file__).parent / "weights")
    known.model_copy(update={"recipes": recipes, "origins": origins}).write(weights)


def names(weights: Path) -> list[str]:
    return [line.partition(":")[0] for line in stale(weights, weights / "recipes.toml")]


def test_what_a_build_would_make_again_is_not_stale(weights: Path) -> None:
    assert names(weights) == []


def test_what_lies_on_another_autoencoder_is_stale(weights: Path) -> None:
    (weights / "vae" / "model.safetensors").write_bytes(b"another")
    assert names(weights) == ["unet", "controlnet"]


def test_a_controlnet_of_another_unet_is_stale(weights: Path) -> None:
    (weights / "unet" / "model.safetensors").write_bytes(b"another")
    assert names(weights) == ["controlnet"]


def test_a_part_of_another_recipe_is_stale(weights: Path) -> None:
    path = weights / "recipes.toml"
    path.write_text(path.read_text().replace("[judge]\nrenders = 4\nsteps = 2", "[judge]\nrenders = 4\nsteps = 3"))
    assert list(stale(weights, path)) == ["judge: its recipe has changed"]


def test_a_part_that_was_never_trained_is_told(weights: Path) -> None:
    made = (Recipe(**RECIPE),)
    write(weights, dict.fromkeys(list(Stage)[:-1], made), {stage: origin(stage, weights) for stage in Stage})
    assert list(stale(weights, weights / "recipes.toml")) == ["controlnet: it was never trained"]


@pytest.mark.parametrize(
    ("changed", "other"), [("artist/eyes.py", True), ("artist/expression.toml", True), ("character.py", True),
                           ("artist/wardrobe/wear.py", True), ("artist/looks/dry.py", False), ("captions.py", False)]
)  # fmt: skip
def test_the_artists_hash_depends_on_what_is_drawn_and_on_nothing_else(
    tmp_path: Path, changed: str, other: bool
) -> None:
    shutil.copytree(Path(chibi.__file__).parent, tmp_path / "chibi", ignore=shutil.ignore_patterns("weights"))
    before = artist_hash(tmp_path / "chibi")
    with (tmp_path / "chibi" / changed).open("a") as file:
        file.write("\n")
    assert (artist_hash(tmp_path / "chibi") != before) == other


def test_what_the_artist_draws_makes_all_but_the_text_encoder_stale(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("animegen.chibi.build.origin.artist_hash", lambda: "another artist")
    assert names(weights) == ["judge", "autoencoder", "unet", "controlnet"]
