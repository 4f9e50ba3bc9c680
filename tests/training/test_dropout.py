"""Dropout by sample: the same samples lose the same inputs, however the batch is split and the pass is run."""

import pytest
import torch
from torch import Tensor

from animegen.training.chance import seed_of as key
from animegen.training.dropout import Masks, SampleDropout
from tests.training.networks import forward, networks, tuned

KEYS = [key(0, 7, sample) for sample in range(4)]
ONES = torch.ones(4, 50, 8)


def dropped(keys: list[int], values: Tensor = ONES, layer: str = "a", rate: float = 0.3) -> Tensor:
    masks = Masks()
    with masks.samples(keys):
        return SampleDropout(rate, layer, masks)(values)


def test_the_same_keys_draw_the_same_masks_whatever_the_global_generator() -> None:
    first = dropped(KEYS)
    torch.rand(1)
    assert dropped(KEYS).equal(first)


@pytest.mark.parametrize("other", [dropped(KEYS, layer="b"), dropped([key(0, 8, sample) for sample in range(4)])])
def test_another_layer_or_step_draws_other_masks(other: Tensor) -> None:
    assert not dropped(KEYS).equal(other)


def test_the_samples_of_a_batch_have_masks_of_their_own() -> None:
    assert len({tuple(row.flatten().tolist()) for row in dropped(KEYS)}) == 4


def test_a_batch_draws_what_its_halves_draw() -> None:
    halves = [dropped(KEYS[:2], ONES[:2]), dropped(KEYS[2:], ONES[2:])]
    assert dropped(KEYS).equal(torch.cat(halves))


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_the_share_of_dropped_inputs_is_the_rate_and_the_mean_stays(rate: float) -> None:
    values = dropped(KEYS, torch.ones(4, 200, 100), rate=rate)
    assert (values == 0).float().mean().item() == pytest.approx(rate, abs=0.005)
    assert values.mean().item() == pytest.approx(1, abs=0.02)


def test_nothing_is_dropped_out_of_training() -> None:
    assert SampleDropout(0.5, "a", Masks()).eval()(ONES) is ONES


def test_a_pass_whose_samples_are_not_named_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="4 samples, and no keys"):
        SampleDropout(0.5, "a", Masks())(ONES)


def test_a_batch_of_another_size_than_its_keys_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="4 samples, and 3 keys"):
        dropped(KEYS[:3])


def gradients(masks: Masks, *, checkpointing: bool) -> dict[str, Tensor]:
    into = networks()
    adapter = tuned(masks=masks, into=into, dropout=0.5, initialization="orthogonal")
    unet = into["unet"].train()
    if checkpointing:
        unet.enable_gradient_checkpointing()
    with masks.samples(KEYS[:2]):
        forward(unet).square().mean().backward()
    return {name: parameter.grad for name, parameter in adapter.parameters.items()}


def test_gradient_checkpointing_changes_no_gradient() -> None:
    plain, saved = (gradients(Masks(), checkpointing=each) for each in (False, True))
    assert plain.keys() == saved.keys()
    assert all(plain[name].equal(saved[name]) for name in plain)


def test_dropout_changes_what_a_network_learns_from_a_step() -> None:
    masks = Masks()
    into = networks()
    tuned(masks=masks, into=into, dropout=0.5, initialization="orthogonal")
    unet = into["unet"].train()
    with torch.no_grad(), masks.samples(KEYS[:2]):
        trained = forward(unet)
    with torch.no_grad(), masks.samples(KEYS[2:]):
        assert not forward(unet).equal(trained)
    assert not forward(unet.eval()).equal(trained)
