"""Adapters in networks: where they are, how they begin, and that they leave nothing behind."""

from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from peft import LoraConfig, inject_adapter_in_model
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel

from animegen.bench.sd15 import sizes
from animegen.errors import TrainingFailed
from animegen.lora_files import base_of
from animegen.lora_files.bases import Part
from animegen.training import targets
from animegen.training.dropout import Masks
from animegen.training.tuned import Tuned
from animegen.training.tuners import inject
from tests.training.networks import METHODS, encode, forward, networks, settings, train, tuned

REPLACING = ("pissa", "olora")
STARTS = [(method, "default") for method in METHODS] + [
    *(("lora", name) for name in ("gaussian", "orthogonal", *REPLACING)),
    ("dora", "pissa"),
    ("rslora", "olora"),
]


def pair(adapter: Tuned) -> tuple[Tensor, Tensor]:
    return adapter.factors(next(iter(adapter.layers)))


@pytest.mark.parametrize("choice", targets.ENDINGS)
@pytest.mark.parametrize("part", ["unet", "text_encoder"])
def test_the_layers_of_each_choice_get_an_adapter(part, choice) -> None:
    into = networks()
    base = base_of("tiny", "tiny", into["unet"].config, into["text_encoder"].config.to_dict())
    adapter = tuned(into=into, targets=choice, parts=(part,))
    assert adapter.layers.keys() == targets.layers(choice, base.layers[part]).keys()


@pytest.mark.parametrize("method", METHODS)
def test_a_network_keeps_its_class_and_only_the_adapter_is_trained(method: str) -> None:
    adapter = tuned(method=method, targets="kohya")
    assert type(adapter.network) is UNet2DConditionModel
    trained = [each for each in adapter.network.parameters() if each.requires_grad]
    assert len(trained) == len(adapter.parameters) >= len(adapter.layers)


@pytest.mark.parametrize(("method", "initialization"), STARTS)
def test_a_network_begins_as_it_was(method: str, initialization: str) -> None:
    into = networks()
    before = forward(into["unet"])
    tuned(into=into, method=method, initialization=initialization, targets="kohya")
    torch.testing.assert_close(forward(into["unet"]), before, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("initialization", ["orthogonal", "pissa"])
@pytest.mark.parametrize("method", ["lora", "dora"])
def test_what_is_trained_is_float32_on_a_base_of_half_precision_that_begins_as_it_was(method, initialization) -> None:
    into = networks(torch.bfloat16)
    before = forward(into["unet"])
    adapter = tuned(into=into, method=method, initialization=initialization, targets="kohya")
    assert {each.dtype for each in adapter.parameters.values()} == {torch.float32}
    torch.testing.assert_close(forward(into["unet"]), before, rtol=0.02, atol=0.02)


def test_the_product_of_orthogonal_factors_is_0_on_a_base_of_half_precision() -> None:
    down, up = pair(tuned(into=networks(torch.bfloat16), initialization="orthogonal"))
    assert (up @ down).abs().max() < 1e-7 < down.abs().max()


def test_doras_magnitudes_are_the_norms_of_the_rows_in_float32() -> None:
    adapter = tuned(into=networks(torch.bfloat16), method="dora")
    path, layer = next(iter(adapter.layers.items()))
    magnitude = layer.lora_magnitude_vector["default"].weight
    torch.testing.assert_close(magnitude.detach(), adapter.original(path).float().norm(dim=1), rtol=1e-6, atol=0)


@pytest.mark.parametrize("initialization", REPLACING)
def test_the_factors_taken_from_the_base_are_pefts(initialization: str) -> None:
    adapter = tuned(initialization=initialization)
    config = LoraConfig(r=4, lora_alpha=2, init_lora_weights=initialization, target_modules=["to_q", "to_k", "to_v"])
    theirs = inject_adapter_in_model(config, networks()["unet"])
    for path, layer in adapter.layers.items():
        other = theirs.get_submodule(path)
        for factor, expected in zip(adapter.factors(path), (other.lora_A, other.lora_B), strict=True):
            torch.testing.assert_close(factor, expected["default"].weight, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(layer.get_base_layer().weight, other.get_base_layer().weight, rtol=1e-4, atol=1e-5)


def test_initial_weights_are_a_function_of_the_seed_alone() -> None:
    first = tuned(seed=1).state()
    torch.rand(3)
    again, other = tuned(seed=1).state(), tuned(seed=2).state()
    assert all(first[name].equal(again[name]) for name in first)
    assert not all(first[name].equal(other[name]) for name in first)


def test_nothing_is_drawn_from_the_global_generator() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    tuned()
    assert torch.rand(3).equal(expected)


def test_both_parts_are_tuned_and_their_adapters_differ() -> None:
    into = networks()
    before = encode(into["text_encoder"])
    unet, text_encoder = inject(into, settings(parts=("unet", "text_encoder")), 0, Masks())
    assert (unet.part, text_encoder.part) == ("unet", "text_encoder")
    train(text_encoder)
    assert not torch.allclose(encode(into["text_encoder"]), before)


@pytest.mark.parametrize(("method", "initialization"), STARTS)
def test_a_network_whose_adapter_is_off_is_the_bare_one_to_the_bit_and_comes_back(method, initialization) -> None:
    into = networks()
    before = forward(into["unet"])
    adapter = train(tuned(into=into, method=method, initialization=initialization, targets="kohya"))
    trained = forward(into["unet"])
    with adapter.off():
        assert forward(into["unet"]).equal(before)
    assert forward(into["unet"]).equal(trained)
    assert not torch.allclose(trained, before)
    assert all(each.requires_grad for each in adapter.parameters.values())


@pytest.mark.parametrize(("method", "initialization"), STARTS)
def test_a_network_whose_adapter_is_removed_is_the_bare_one_to_the_bit(method: str, initialization: str) -> None:
    into = networks()
    before, names = forward(into["unet"]), list(into["unet"].state_dict())
    train(tuned(into=into, method=method, initialization=initialization, targets="kohya")).remove()
    assert forward(into["unet"]).equal(before)
    assert list(into["unet"].state_dict()) == names
    tuned(into=into)  # and it takes another


@pytest.mark.parametrize(("method", "initialization"), STARTS)
def test_a_state_restores_the_trained_network_to_the_bit(method: str, initialization: str) -> None:
    adapter = train(tuned(method=method, initialization=initialization))
    state = {name: each.clone() for name, each in adapter.state().items()}
    other = tuned(seed=9, method=method, initialization=initialization)
    held = list(other.parameters.values())
    other.load_state(state)
    assert forward(other.network).equal(forward(adapter.network))
    assert all(each is kept for each, kept in zip(other.parameters.values(), held, strict=True))


def test_a_base_that_was_changed_follows_the_factors_of_the_state() -> None:
    """Another machine's decomposition of the weights may differ in its last bits."""
    adapter = tuned(initialization="pissa")
    state = {name: each + 1e-3 for name, each in adapter.state().items()}
    before = forward(tuned().network)
    adapter.load_state(state)
    torch.testing.assert_close(forward(adapter.network), before, rtol=1e-4, atol=1e-5)


def test_a_state_of_another_rank_is_refused() -> None:
    with pytest.raises(TrainingFailed, match="another rank"):
        tuned().load_state(tuned(rank=8).state())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"method": "oft", "rank": 5}, "Blocks of 5"),
        ({"method": "lokr", "initialization": "pissa"}, "lokr knows neither"),
        ({"method": "oft", "init_from": "x.safetensors"}, "oft knows neither"),
        ({"initialization": "olora", "init_from": "x.safetensors"}, "exclude each other"),
        ({"initialization": "orthogonal", "rank": 3}, "even rank"),
        ({"initialization": "pissa", "rank": 64}, "Rank 64 is more than"),
    ],
)
def test_settings_that_cannot_be_are_refused_before_the_network_changes(fields, words: str) -> None:
    into = networks()
    with pytest.raises(TrainingFailed, match=words):
        tuned(into=into, **fields)
    assert not hasattr(into["unet"], "peft_config")


def test_rank_32_on_the_attention_of_stable_diffusion_15_has_4780032_parameters() -> None:
    (adapter,) = inject(stable_diffusion_15(), settings(rank=32, alpha=32), 0, Masks())
    assert sum(each.numel() for each in adapter.parameters.values()) == 4_780_032


def test_kohyas_targets_in_stable_diffusion_15_are_192_and_72_layers() -> None:
    both = settings(targets="kohya", parts=("unet", "text_encoder"))
    assert [len(each.layers) for each in inject(stable_diffusion_15(), both, 0, Masks())] == [192, 72]


def stable_diffusion_15() -> dict[Part, Any]:
    """Networks of the full size without memory for their weights."""
    with torch.device("meta"):
        unet = UNet2DConditionModel(**sizes()["unet"])
        return {"unet": unet, "text_encoder": CLIPTextModel(CLIPTextConfig(**sizes()["text_encoder"]))}
