"""B9: the trainer makes the steps of the plain loop, and encodes nothing in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn

from animegen.bench import timing, training
from animegen.bench.training_loop import Loop
from animegen.models import loading
from animegen.studio import Studio
from animegen.training.interruption import Interruption
from animegen.training.trainer import Trainer
from tests import tiny

STEPS = 6


@dataclass
class Run:
    """Both ways after STEPS steps: their losses, and how often the networks of each were called in them."""

    plain: Loop
    trainer: Trainer
    losses: tuple[list[float], list[float]]
    calls: dict[str, int]


@pytest.fixture(scope="module")
def run(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("bench")
    parts = loading.load(tiny.ROW, tiny.CPU, model_folder)
    with training.both(parts, folder, STEPS) as (plain, trainer):
        calls: dict[str, int] = {}
        own = trainer.learner.parts
        count(plain.pipe.vae.encoder, "plain vae", calls)
        count(plain.pipe.text_encoder, "plain text", calls)
        count(own.vae.encoder, "our vae", calls)
        count(own.text_encoder, "our text", calls)
        progress = trainer.train(Interruption(folder, None))
        losses = plain.advance(STEPS), training.advance(progress, STEPS)
        yield Run(plain, trainer, losses, calls)


def count(network: nn.Module, name: str, calls: dict[str, int]) -> None:
    calls[name] = 0
    network.register_forward_hook(lambda *_: calls.update({name: calls[name] + 1}))


def test_both_ways_have_the_same_losses(run: Run) -> None:
    plain, ours = run.losses
    assert plain == pytest.approx(ours, rel=1e-4)
    assert len(set(ours)) == STEPS


def test_both_ways_end_with_the_same_adapter(run: Run) -> None:
    learned = run.trainer.tuned[0].parameters
    theirs = {name.replace(".default", ""): each for name, each in run.plain.pipe.unet.named_parameters()}
    assert all(torch.allclose(weight, theirs[name], atol=1e-4) for name, weight in learned.items())
    assert any(weight.abs().max() > 0 for name, weight in learned.items() if "lora_B" in name)


def test_the_plain_loop_encodes_pictures_and_captions_once_a_step(run: Run) -> None:
    assert (run.calls["plain vae"], run.calls["plain text"]) == (STEPS, STEPS)


def test_the_trainer_encodes_no_picture_and_each_caption_once(run: Run) -> None:
    uses = (use for step in range(STEPS) for use in run.trainer.epochs.place(step).batch)
    assert run.calls["our vae"] == 0
    assert run.calls["our text"] == len({use.caption for use in uses})


def test_captions_that_were_seen_are_not_encoded_again(run: Run) -> None:
    before = run.calls["our text"]
    seen = [use.caption for step in range(STEPS) for use in run.trainer.epochs.place(step).batch]
    run.trainer.learner.captions.encode(seen)
    assert run.calls["our text"] == before


def test_a_row_says_what_was_trained_and_counts_less_of_it_for_the_trainer(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "WARM_UP", 0)
    studio = Studio(tiny.ROW, lambda row: loading.load(row, tiny.CPU, model_folder))
    row = training.measure(studio, 2, 1)
    assert row.task == "training, 64x64, rank 32 on q, k, v, 1 steps of 4 pictures, float32"
    assert row.match
    assert 0 < row.our_tflop < row.plain_tflop
    assert len(row.times.plain) == len(row.times.ours) == 2


def test_the_studios_own_networks_get_no_adapter(model_folder: Path, tmp_path: Path) -> None:
    parts = loading.load(tiny.ROW, tiny.CPU, model_folder)
    with training.both(parts, tmp_path, 1):
        assert not any("lora" in name for name, _ in parts.unet.named_parameters())


def test_losses_that_differ_are_no_match() -> None:
    assert training.match([1.0, 2.0], [1.0, 2.001]) is not None
    assert training.match([1.0, 2.0], [1.0, 2.01]) is None
