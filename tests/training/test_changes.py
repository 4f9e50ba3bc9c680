"""How far adapters move the weights: by group, for every method, and never nothing."""

import pytest
import torch

from animegen.errors import TrainingFailed
from animegen.training.changes import LEAST, change, check, group
from animegen.training.differences import approximate, difference
from tests.training.networks import METHODS, forward, networks, train, tuned
from tests.training.test_tuners import STARTS


@pytest.mark.parametrize(("method", "initialization"), STARTS)
def test_the_differences_added_to_the_bare_base_draw_as_the_adapter_does(method: str, initialization: str) -> None:
    adapter = train(tuned(method=method, initialization=initialization, targets="kohya"), 0.02)
    trained, bare = forward(adapter.network), networks()["unet"]
    for path in adapter.layers:
        bare.get_parameter(f"{path}.weight").data += difference(adapter, path)
    torch.testing.assert_close(forward(bare), trained, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_a_difference_leaves_the_adapter_as_it_is(method: str) -> None:
    adapter = train(tuned(method=method))
    before = forward(adapter.network)
    change(adapter)
    assert forward(adapter.network).equal(before)


def test_the_change_of_a_group_is_the_ratio_of_norms() -> None:
    adapter = tuned()
    adapter.parameters["mid_block.attentions.0.transformer_blocks.0.attn2.to_q.lora_B.weight"].data.fill_(1)
    paths = [path for path in adapter.layers if group("unet", path) == "mid.attn2"]
    moved = torch.cat([difference(adapter, path).flatten() for path in paths])
    whole = torch.cat([adapter.original(path).flatten() for path in paths])
    changes = change(adapter)
    assert changes.pop("mid.attn2") == pytest.approx(float(moved.norm() / whole.norm()))
    assert set(changes.values()) == {0.0}


def test_the_groups_are_places_and_kinds_of_layers() -> None:
    assert list(change(tuned(targets="kohya"))) == [
        *("down.attn1", "down.attn2", "down.mlp", "down.projection"),
        *("mid.attn1", "mid.attn2", "mid.mlp", "mid.projection"),
        *("up.attn1", "up.attn2", "up.mlp", "up.projection"),
    ]
    text = change(tuned(targets="kohya", parts=("text_encoder",)))
    assert list(text) == ["text_encoder.attention", "text_encoder.mlp"]


@pytest.mark.parametrize(("method", "initialization"), STARTS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_an_adapter_that_has_learned_nothing_is_refused(method: str, initialization: str, dtype: torch.dtype) -> None:
    with pytest.raises(TrainingFailed, match=r"less than 1e-06: it does nothing\. Raise the learning rate"):
        check([tuned(into=networks(dtype), method=method, initialization=initialization)])


def test_a_part_that_has_learned_is_enough() -> None:
    both = [tuned(), train(tuned(parts=("text_encoder",)), 1e-3)]
    assert max(check(both).values()) > LEAST


def test_weights_that_are_no_numbers_are_refused() -> None:
    adapter = train(tuned())
    next(iter(adapter.parameters.values())).data[0] = torch.nan
    with pytest.raises(TrainingFailed, match=r"down\.attn1 are not finite"):
        check([adapter])


def test_an_approximation_keeps_the_energy_asked_for_with_the_least_rank() -> None:
    whole = torch.randn(20, 30, generator=torch.Generator().manual_seed(0))
    down, up = approximate(whole, 0.9, None)
    error = (whole - up @ down).square().sum() / whole.square().sum()
    assert error <= 0.1
    less = whole - up[:, :-1] @ down[:-1]
    assert less.square().sum() / whole.square().sum() > 0.1


def test_an_approximation_has_the_rank_asked_for() -> None:
    down, up = approximate(torch.ones(6, 5, 1, 1), 0.9, 3)
    assert (down.shape, up.shape) == ((3, 5), (6, 3))
