"""The detector of broken pictures: what it looks at, how it is kept, and that it learns to find made faults."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL

from animegen.chibi import broken
from animegen.chibi.artist import draw
from animegen.chibi.broken import KINDS, OUTPUTS, SIDE, Detector, window
from animegen.chibi.build.broken import WEIGHTS, Pool, batch, loss, make_pool, native_size, train_broken, validate
from animegen.chibi.build.faults import ALONE
from animegen.chibi.build.renders import render
from animegen.chibi.character import characters
from animegen.errors import ModelUnavailable
from animegen.training.loop import Run
from animegen.training.recipe import Recipe

SMALL = 64
"""Side of the pictures that these tests are of."""


@pytest.fixture(scope="module")
def vae() -> AutoencoderKL:
    return AutoencoderKL.from_pretrained(WEIGHTS / "vae", dtype=torch.float32).eval()


@pytest.fixture(scope="module")
def pool(vae: AutoencoderKL) -> Pool:
    return make_pool(vae, characters("train", 5, 24), random.Random(0), SMALL)


@pytest.mark.parametrize("side", [256, 384, 512])
def test_the_middle_of_a_picture_of_any_size_is_looked_at(side: int) -> None:
    picture = torch.zeros(1, 3, side, side)
    picture[..., : side // 8, :] = 1
    picture[..., :, : side // 8] = 1
    seen = window(picture)
    assert seen.shape == (1, 3, SIDE, SIDE)
    assert seen.abs().max() == 0


def test_its_file_is_small_and_reads_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    detector, path = Detector().eval(), tmp_path / broken.FILE
    detector.load_state_dict({name: value.half().float() for name, value in detector.state_dict().items()})
    broken.save(detector, path, {"renders": 3})
    assert path.stat().st_size < 2_000_000
    assert broken.about(path) == {"renders": 3}
    image = [draw(characters("train", 6, 1)[0])]
    assert broken.load(path).read(image) == detector.read(image)
    assert set(detector.read(image)[0]) == set(OUTPUTS)


def test_an_absent_detector_says_how_to_train_one(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"python -m animegen\.chibi\.build\.broken"):
        broken.load(tmp_path / broken.FILE)


def test_a_detector_of_other_faults_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / broken.FILE
    monkeypatch.setattr(broken, "OUTPUTS", (*OUTPUTS[:-1], "another"))
    broken.save(Detector(), path, {})
    monkeypatch.undo()
    with pytest.raises(ModelUnavailable, match="other faults"):
        broken.load(path)


def test_a_sound_picture_shows_no_fault_and_a_spoilt_one_shows_one(pool: Pool) -> None:
    sound = torch.arange(24) < 12
    pictures, shown = batch(pool, torch.arange(24), sound, torch.Generator().manual_seed(0))
    assert not shown[:12].any()
    assert (shown[12:, 0] == shown[12:, 1:].sum(dim=1)).all()
    assert shown[12:, 0].mean() > 0.8
    untouched = pool.faces(torch.arange(12))
    away = [(pictures[:12] - each).abs().amax(dim=(1, 2, 3)) for each in (untouched.windows, untouched.donors)]
    assert (torch.minimum(*away) == 0).all()


def test_every_kind_of_fault_is_trained_on(pool: Pool) -> None:
    chosen = torch.arange(24).repeat(12)
    _, shown = batch(pool, chosen, torch.zeros(len(chosen), dtype=torch.bool), torch.Generator().manual_seed(0))
    found = dict(zip(OUTPUTS, shown.sum(dim=0).tolist(), strict=True))
    missing = {kind for kind in KINDS if not found[kind]}
    assert missing <= {kind for kind in KINDS if kind not in ALONE and KINDS.index(kind) not in pool.kinds}


def test_renders_are_those_of_the_artist() -> None:
    (person,) = characters("train", 5, 1)
    picture = torch.from_numpy(np.array(draw(person, SMALL))).permute(2, 0, 1)
    assert torch.equal(render([person], SMALL)[0], picture)


def test_the_size_comes_from_the_weights() -> None:
    assert native_size(WEIGHTS) == 256


def test_thresholds_leave_a_few_sound_renders_over_them(pool: Pool) -> None:
    torch.manual_seed(0)
    detector = Detector().eval()
    figures = validate(detector, pool)["validation"]
    assert detector.thresholds.abs().sum() > 0
    assert figures["false alarms"]["n"] == 12
    assert {f"recall of {kind}" for kind in KINDS} < set(figures)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.slow
def test_the_detector_learns_one_batch_by_heart(pool: Pool, tmp_path: Path) -> None:
    detector = Detector()
    recipe = Recipe(steps=60, batch_size=16, learning_rate=1.5e-3, warmup_steps=5, ema_decay=0.9, log_steps=5)
    run = Run.open(detector, recipe, tmp_path)
    losses = [word.losses["loss"] for word in run.train(lambda _: loss(detector, pool, 16, seeded()))]
    assert losses[-1] < 0.1 * losses[0]


@pytest.mark.slow
def test_training_lowers_the_loss_and_sets_the_thresholds(vae: AutoencoderKL, tmp_path: Path) -> None:
    recipe = Recipe(steps=40, batch_size=16, learning_rate=1.5e-3, warmup_steps=5, ema_decay=0.9, log_steps=1)
    detector, about = train_broken(
        vae, torch.device("cpu"), size=SMALL, folder=tmp_path, count=40, recipe=recipe, report=lambda _: None
    )
    losses = [json.loads(line)["loss"] for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert losses[-1] < 0.6 * losses[0]
    assert detector.thresholds.abs().sum() > 0
    assert about["renders"] == 40
    assert not detector.training
