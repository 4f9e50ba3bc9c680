"""The style judge: how it is kept, what its training pictures are, and that it learns to tell looks apart."""

from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL

from animegen.chibi import style_judge
from animegen.chibi.artist import draw
from animegen.chibi.artist.looks import LOOKS, finish
from animegen.chibi.build.style_judge import WEIGHTS, Pool, loss, make_pool, train, validate
from animegen.chibi.character import characters
from animegen.chibi.style_judge import FILE, PLAIN, STYLES, StyleJudge
from animegen.errors import ModelUnavailable
from animegen.training.loop import Run
from animegen.training.recipe import Recipe


@pytest.fixture(scope="module")
def vae() -> AutoencoderKL:
    return AutoencoderKL.from_pretrained(WEIGHTS / "vae", dtype=torch.float32).eval()


@pytest.fixture(scope="module")
def pool(vae: AutoencoderKL) -> Pool:
    return make_pool(vae, characters("train", 7, 2), report=lambda _: None)


def test_it_knows_the_plain_drawing_and_every_look() -> None:
    assert set(STYLES) == {PLAIN, *LOOKS}


def test_its_file_is_small_and_reads_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    judge, path = StyleJudge().eval(), tmp_path / FILE
    judge.load_state_dict({name: value.half().float() for name, value in judge.state_dict().items()})
    style_judge.save(judge, path, {"held_out": 3})
    assert path.stat().st_size < 1_000_000
    assert style_judge.about(path) == {"held_out": 3}
    images = [draw(person) for person in characters("train", 6, 3)]
    assert style_judge.load(path).read(images) == judge.read(images)


def test_a_picture_of_any_size_is_read() -> None:
    judge = StyleJudge().eval()
    assert all(judge(torch.zeros(1, 3, side, side)).shape == (1, len(STYLES)) for side in (128, 256, 320))


def test_an_absent_judge_says_how_to_train_one(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"python -m animegen\.chibi\.build\.style_judge"):
        style_judge.load(tmp_path / FILE)


def test_a_judge_of_other_styles_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style_judge, "STYLES", (*STYLES[:-1], "cubist"))
    style_judge.save(StyleJudge(), tmp_path / FILE, {})
    monkeypatch.undo()
    with pytest.raises(ModelUnavailable, match="other styles"):
        style_judge.load(tmp_path / FILE)


def test_every_character_is_painted_in_every_style_as_it_is_and_decoded(pool: Pool) -> None:
    assert pool.styles.tolist() == [*range(len(STYLES))] * 2
    assert pool.pictures.shape == (2 * len(STYLES), 2, 3, 256, 256)
    assert (pool.pictures[:, 0] != pool.pictures[:, 1]).flatten(1).any(dim=1).all()


def test_what_it_reads_is_counted_by_style_in_both_ways(pool: Pool) -> None:
    known = validate(StyleJudge().eval(), pool)
    assert set(known["validation"]) == {"right, as rendered", "right, through the autoencoder"}
    assert all(sum(row.values()) == 2 for row in known["confusion"].values())


@pytest.mark.skipif(not (WEIGHTS / FILE).exists(), reason="there is no style judge")
def test_the_judge_in_the_package_reads_the_looks_of_unseen_characters() -> None:
    judge = style_judge.load(WEIGHTS / FILE)
    plain = [draw(person) for person in characters("validation", 77, 4)]
    assert judge.read(plain) == [PLAIN] * 4
    assert judge.read([finish(image, "watercolor") for image in plain]) == ["watercolor"] * 4


@pytest.mark.slow
def test_it_learns_one_batch_by_heart(pool: Pool, tmp_path: Path) -> None:
    judge = StyleJudge()
    recipe = Recipe(steps=30, batch_size=16, learning_rate=3e-3, warmup_steps=5, ema_decay=0.9, log_steps=5)
    run = Run.open(judge, recipe, tmp_path)
    losses = [
        each.losses["loss"] for each in run.train(lambda _: loss(judge, pool, 16, torch.Generator().manual_seed(0)))
    ]
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.slow
def test_training_says_how_well_held_out_characters_are_read(vae: AutoencoderKL, tmp_path: Path) -> None:
    recipe = Recipe(steps=2, batch_size=4, learning_rate=1e-3, ema_decay=0, log_steps=1)
    judge, about = train(vae, tmp_path, count=1, held_out=1, recipe=recipe, report=lambda _: None)
    assert about["validation"]["right, as rendered"]["n"] == len(STYLES)
    assert about["characters"] == about["held_out"] == 1
    assert not judge.training
