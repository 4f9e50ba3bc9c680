"""Which layers get an adapter: those of kohya, and of the field's counts for Stable Diffusion 1.5."""

import pytest

from animegen.lora_files import bases
from animegen.training.targets import layers, parameters
from tests.lora_files.making import kohya_targets

SD1 = bases()["sd1"].layers


def test_rank_32_on_queries_keys_and_values_of_sd_15_is_the_known_number_of_parameters() -> None:
    assert parameters(layers("attention", SD1["unet"]), 32) == 4_780_032


@pytest.mark.parametrize(
    ("targets", "unet", "text_encoder"),
    [("attention", 96, 36), ("attention+out", 128, 48), ("attention+mlp", 160, 72), ("kohya", 192, 72)],
)
def test_each_kind_of_targets_has_its_layers(targets: str, unet: int, text_encoder: int) -> None:
    assert len(layers(targets, SD1["unet"])) == unet
    assert len(layers(targets, SD1["text_encoder"])) == text_encoder


@pytest.mark.parametrize("name", ["sd1", "sd2", "chibi"])
def test_kohyas_targets_are_those_that_kohyas_trainer_takes(name: str) -> None:
    base = bases()[name]
    found = [(part, layer) for part in base.layers for layer in layers("kohya", base.layers[part])]
    assert sorted(found) == sorted(kohya_targets(base))


def test_a_convolution_counts_as_the_matrices_that_stand_for_it() -> None:
    assert parameters({"proj_in": (8, 4, 1, 1), "conv": (6, 4, 3, 3)}, 2) == 2 * (8 + 4) + 2 * (6 + 36)
