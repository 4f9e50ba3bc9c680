"""The build: a whole chibi from nothing, tiny recipes and all, and the parts it is made of."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline

import animegen.chibi
from animegen.chibi.build import autoencoder, controlnet, diffusion, judge, networks, text
from animegen.chibi.build import record as records
from animegen.chibi.build.card import add, report_path
from animegen.chibi.build.export import export
from animegen.chibi.build.networks import SIZE
from animegen.chibi.build.origin import stale
from animegen.chibi.build.renders import Renders
from animegen.chibi.build.roughness import rough_map
from animegen.chibi.build.workshop import Stage, Workshop
from animegen.chibi.character import Character, labels
from animegen.chibi.judge import ATTRIBUTES
from animegen.errors import TrainingFailed
from animegen.evaluation.report import Report
from animegen.models import controlnet as controlnets

WEIGHTS = Path(animegen.chibi.__file__).parent / "weights"
STAGE = "steps = 2\nbatch_size = 2\nlearning_rate = 1e-3\n"
RECIPES = f"""
[held_out]
renders = 4
[judge]
renders = 4
{STAGE}
[autoencoder]
renders = 4
{STAGE}
[text]
{STAGE}
[unet_small]
{STAGE}
[unet]
renders = 6
{STAGE}
[controlnet]
{STAGE}
"""


@pytest.fixture
def renders(tmp_path: Path) -> Renders:
    some = Renders(tmp_path, "train", 1, 6)
    assert list(some.draw()) == [6]
    return some


def workshop(
    folder: Path,
    said: list[str],
    warm: Path | None = None,
    stages: Iterable[Stage] = Stage,
    anew: Iterable[Stage] = (),
) -> Workshop:
    recipes = folder / "recipes.toml"
    recipes.write_text(RECIPES)
    return Workshop(
        folder=folder,
        device=torch.device("cpu"),
        report=said.append,
        warm=warm,
        stages=frozenset(stages),
        anew=frozenset(anew),
        recipes=recipes,
    )


@pytest.mark.slow
def test_a_build_from_nothing_is_a_stable_diffusion_and_resumes_for_free(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    said: list[str] = []
    old = report_path(tmp_path / "weights", "chibi")
    old.parent.mkdir(parents=True)
    old.touch()
    record = export(workshop(tmp_path / "run", said), tmp_path / "weights")
    assert not old.exists()
    assert (
        StableDiffusionPipeline.from_pretrained(tmp_path / "weights", safety_checker=None).unet.config.in_channels == 8
    )
    assert record == records.read(tmp_path / "weights")
    assert list(stale(tmp_path / "weights", tmp_path / "run" / "recipes.toml")) == []
    assert {line.partition(":")[0] for line in said} >= {"judge", "autoencoder", "text", "unet", "controlnet"}
    assert controlnets.fits(tmp_path / "weights")
    again: list[str] = []
    assert export(workshop(tmp_path / "run", again), tmp_path / "weights") == record
    assert again == []


@pytest.mark.slow
def test_a_warm_build_starts_from_the_weights(tmp_path: Path) -> None:
    for name in ("cold", "warm"):
        (tmp_path / name).mkdir()
    export(workshop(tmp_path / "cold", []), tmp_path / "weights")
    warm = workshop(tmp_path / "warm", [], warm=tmp_path / "weights")
    cold = workshop(tmp_path / "cold", [])
    difference = warm.unet.conv_in.weight - cold.unet.conv_in.weight
    assert 0 < difference.abs().max() < 0.01


@pytest.mark.slow
def test_what_is_not_trained_is_kept_as_it_was(tmp_path: Path) -> None:
    said: list[str] = []
    made = workshop(tmp_path, said, warm=WEIGHTS, stages={Stage.JUDGE})
    record = export(made, tmp_path / "weights")
    assert {line.partition(":")[0] for line in said} >= {"judge"}
    assert not {line.partition(":")[0] for line in said} & {"autoencoder", "text", "unet"}
    before = records.read(WEIGHTS)
    assert record.read_rightly == before.read_rightly
    assert [len(record.recipes[stage]) - len(before.recipes.get(stage, ())) for stage in Stage] == [1, 0, 0, 0, 0]
    assert (tmp_path / "weights" / "controlnet").exists() == (WEIGHTS / "controlnet").exists()
    for part in ("vae", "text_encoder", "unet", "tokenizer"):
        for path in (WEIGHTS / part).iterdir():
            assert (tmp_path / "weights" / part / path.name).read_bytes() == path.read_bytes(), path


def test_a_unet_made_anew_is_trained_small_and_grows_and_the_rest_is_kept(tmp_path: Path) -> None:
    said: list[str] = []
    made = workshop(tmp_path, said, warm=WEIGHTS, stages={Stage.UNET}, anew={Stage.UNET})
    before = records.read(WEIGHTS).recipes
    assert made.unet.config.sample_size == SIZE // 8
    steps = [line.partition(":")[0] for line in said if "step" in line]
    assert steps == ["unet_small", "unet"]
    assert [each.steps for each in made.recipes_of(Stage.UNET)] == [2, 2]
    assert made.recipes_of(Stage.JUDGE) == before["judge"]


def test_latents_of_another_autoencoder_are_not_taken(tmp_path: Path) -> None:
    made = workshop(tmp_path, [], warm=WEIGHTS, stages={Stage.UNET}, anew={Stage.UNET})
    known = made.latents(64)
    with torch.no_grad():
        made.autoencoder.encoder.conv_in.bias.add_(1)
    assert not torch.equal(made.latents(64), known)


@pytest.mark.slow
def test_a_controlnet_is_trained_beside_a_unet_that_stays_and_is_of_no_other(tmp_path: Path) -> None:
    for name in ("run", "again", "weights"):
        (tmp_path / name).mkdir()
    shutil.copy(WEIGHTS / "record.json", tmp_path / "weights")
    old = Report(title="Measured before", command="", commit="", sources={}, n=1, seconds=1.0, figures={})
    for verb in ("chibi", "canny"):
        add(verb, old, tmp_path / "weights")
    said: list[str] = []
    alone = {Stage.CONTROLNET}
    record = export(workshop(tmp_path / "run", said, warm=WEIGHTS, stages=alone), tmp_path / "weights")
    assert {line.partition(":")[0] for line in said} == {"renders", "captions", "latents", "maps", "controlnet"}
    assert record.parameters["controlnet"] < record.parameters["unet"] / 2
    assert [report_path(tmp_path / "weights", verb).exists() for verb in ("chibi", "canny")] == [True, False]
    assert old.title in (tmp_path / "weights" / "README.md").read_text(encoding="utf-8")
    for path in (WEIGHTS / "unet").iterdir():
        assert (tmp_path / "weights" / "unet" / path.name).read_bytes() == path.read_bytes(), path

    kept = workshop(tmp_path / "again", [], warm=tmp_path / "weights", stages={Stage.UNET})
    later = export(kept, tmp_path / "other")
    assert later.controlnet_base == record.controlnet_base
    assert controlnets.fits(tmp_path / "weights")
    assert not controlnets.fits(tmp_path / "other")
    for path in (tmp_path / "weights" / "controlnet").iterdir():
        assert (tmp_path / "other" / "controlnet" / path.name).read_bytes() == path.read_bytes(), path


def test_a_controlnet_begins_by_adding_nothing() -> None:
    unet = networks.unet().eval()
    network = controlnet.create(unet).eval()
    noisy, words = torch.randn(1, 8, 16, 16), torch.randn(1, 77, networks.TEXT_WIDTH)
    with torch.no_grad():
        down, middle = network(noisy, 500, words, torch.ones(1, 3, 128, 128), return_dict=False)
    assert not any(added.any() for added in (*down, middle))


def test_a_map_is_of_the_picture_in_its_place(renders: Renders) -> None:
    drawn = np.load(renders.shards[0])
    maps = controlnet.unpack(controlnet.edge_maps(renders))
    assert maps.shape == (6, 3, SIZE, SIZE)
    assert set(maps.unique().tolist()) == {0.0, 1.0}
    expected = np.random.default_rng(0)
    for picture, lines in zip(drawn, maps[:, 0].numpy(), strict=True):
        assert np.array_equal(lines > 0, rough_map(picture, expected) > 0)


def test_parts_cannot_be_kept_from_nothing(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="--from weights"):
        workshop(tmp_path, [], stages={Stage.UNET})


def test_renders_are_drawn_once(renders: Renders, tmp_path: Path) -> None:
    again = Renders(tmp_path, "train", 1, 6)
    assert list(again.draw()) == []
    every = torch.arange(6)
    assert torch.equal(again.pictures(every), renders.pictures(every))


@pytest.mark.slow
def test_shards_that_several_cores_draw_hold_what_one_draws(
    renders: Renders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("animegen.chibi.build.renders.SHARD", 4)
    sharded, every = Renders(tmp_path / "sharded", "train", 1, 6), torch.arange(6)
    assert list(sharded.draw()) == [4, 6]
    drawn = sharded.pictures(every)
    monkeypatch.undo()
    assert torch.equal(drawn, renders.pictures(every))


def test_renders_are_tensors_from_minus_one_to_one(renders: Renders) -> None:
    pictures = renders.pictures(torch.tensor([3, 0]))
    assert pictures.shape == (2, 3, SIZE, SIZE)
    assert -1 <= pictures.min() < 0 < pictures.max() <= 1


def test_a_crop_and_its_weights_are_of_one_place(renders: Renders) -> None:
    weight = autoencoder.face_weight()
    pictures = weight.expand(2, 3, -1, -1)
    cropped, weights = autoencoder.crop(pictures, weight, torch.Generator().manual_seed(1))
    assert cropped.shape == (2, 3, autoencoder.CROP, autoencoder.CROP)
    assert torch.equal(cropped[:1, :1], weights)


def test_some_captions_are_the_empty_one() -> None:
    rows, copies = diffusion.pick(torch.arange(300), torch.Generator().manual_seed(0))
    empty = rows == 0
    assert 10 < empty.sum() < 60
    assert torch.equal(rows[~empty], torch.arange(1, 301)[~empty])
    assert set(copies.tolist()) == set(range(diffusion.COPIES))


def test_the_judge_is_not_asked_for_what_is_hidden(renders: Renders) -> None:
    wanted = judge.targets(renders)
    for index, character in enumerate(renders.characters):
        for name, word in labels(character).items():
            number = int(wanted[name][index])
            assert (ATTRIBUTES[name][number] if number >= 0 else None) == word


def test_a_disturbed_picture_is_still_the_picture(renders: Renders) -> None:
    pictures = renders.pictures(torch.arange(6))
    disturbed = judge.disturb(pictures, torch.Generator().manual_seed(0))
    assert disturbed.shape == pictures.shape
    assert (disturbed.mean((1, 2, 3)) - pictures.mean((1, 2, 3))).abs().max() < 0.1


def test_what_a_caption_does_not_state_has_a_class_of_its_own() -> None:
    wanted = text.targets([(Character(hair_colour="blue"), frozenset({"hair_colour"}))])
    assert wanted["hair_colour"].item() == text.STATED["hair_colour"].index("blue")
    assert wanted["outfit"].item() == len(text.STATED["outfit"])


def test_a_stated_face_without_strength_reads_as_neutral() -> None:
    wanted = text.targets([(Character(emotion="sad", strength=0), frozenset({"emotion"}))])
    assert text.STATED["emotion"][wanted["emotion"].item()] == "neutral"


def test_a_longer_run_does_not_take_a_short_runs_last_shard(renders: Renders, tmp_path: Path) -> None:
    longer = Renders(tmp_path, "train", 1, 8)
    assert list(longer.draw()) == [8]
    assert longer.pictures(torch.tensor([7])).shape == (1, 3, SIZE, SIZE)
