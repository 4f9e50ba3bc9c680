import json
from dataclasses import replace

import pytest
import torch
from diffusers import AutoencoderKL, AutoencoderTiny, ControlNetModel, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from transformers import CLIPConfig, CLIPTextConfig, CLIPTextModel

from animegen import tasks
from animegen.bench import sd15
from animegen.messages import message
from animegen.models import loading, table, weights
from animegen.models.table import ModelRow

ROWS = pytest.mark.parametrize("row", table.rows().values(), ids=lambda row: row.name)
CHIBI, SD15, COOL_JAPAN = table.rows().values()


@ROWS
def test_the_sizes_are_ones_that_the_row_allows(row: ModelRow) -> None:
    own = [row.preset(name).size for name in ("fast", "balanced", "quality")]
    for side in (row.min_size, row.native_size, row.max_size, *own):
        assert row.min_size <= side <= row.max_size
        assert side % row.size_step == 0


@ROWS
def test_a_forbidden_use_is_told_in_both_languages_and_concerns_tasks_that_exist(row: ModelRow) -> None:
    for use in row.forbidden_uses:
        assert use.label
        assert use.label_ja
        assert set(use.tasks) <= {task.name for task in tasks.TASKS}


def test_a_row_may_have_a_size_of_its_own_in_a_preset() -> None:
    assert [SD15.preset(name).size for name in ("fast", "balanced", "quality")] == [512, 512, 768]
    assert CHIBI.preset("quality").size == 256


def test_a_models_own_guidance_scale_stands_in_every_preset() -> None:
    assert {CHIBI.preset(name).guidance_scale for name in ("fast", "balanced", "quality")} == {3.0}
    assert SD15.preset("quality").guidance_scale == 8.5


def test_fast_is_lcm_where_a_model_has_weights_for_it_and_eight_ordinary_steps_elsewhere() -> None:
    found = {row.name: row.preset("fast") for row in table.rows().values()}
    assert {name: (each.steps, each.sampler) for name, each in found.items()} == {
        "chibi": (8, "DPM++ 2M"), "sd15": (4, "LCM"), "cool-japan": (8, "DPM++ 2M"),
    }  # fmt: skip
    assert found["sd15"].guidance_scale == 1.0


def test_the_note_on_fast_is_the_models_own() -> None:
    fast, chibi = SD15.preset("fast"), CHIBI.preset("fast")
    assert (fast.note, chibi.note) == (message("prompts.lcm_preset"), message("prompts.fast_preset"))


def test_a_guidance_scale_of_a_models_own_is_not_that_of_lcm() -> None:
    row = replace(CHIBI, lcm_lora=SD15.lcm_lora)
    assert (row.preset("fast").guidance_scale, row.preset("balanced").guidance_scale) == (1.0, 3.0)


@pytest.mark.parametrize("name", ["fast", "balanced", "quality"])
def test_a_named_sampler_decides_whether_a_preset_draws_by_lcm(name: str) -> None:
    assert SD15.preset(name, "LCM").steps == 4
    assert SD15.preset(name, "Euler").steps == CHIBI.preset(name).steps
    assert CHIBI.preset(name, "LCM") == CHIBI.preset(name)


def test_the_table_tells_truly_whether_chibis_weights_hold_a_controlnet() -> None:
    holds = (loading.folder_of(CHIBI) / "controlnet" / "config.json").is_file()
    assert CHIBI.controlnet == ("chibi/weights/controlnet" if holds else "")


def test_chibis_parameters_are_those_of_its_files() -> None:
    folder = loading.folder_of(CHIBI)
    assert CHIBI.parameters == {name: weights.numbers(weights.find(folder / name)[0]) for name in CHIBI.parameters}


def test_the_widest_layer_of_a_decoder_is_that_of_its_config() -> None:
    chibi = json.loads((loading.folder_of(CHIBI) / "vae" / "config.json").read_bytes())
    for row, vae in ((CHIBI, chibi), (SD15, sd15.sizes()["vae"])):
        assert row.decoder_channels == vae["block_out_channels"][1]


def test_stable_diffusions_parameters_are_those_of_its_architecture() -> None:
    sizes = sd15.sizes()
    with torch.device("meta"):
        networks = {
            "unet": UNet2DConditionModel(**sizes["unet"]),
            "vae": AutoencoderKL(**sizes["vae"]),
            "text_encoder": CLIPTextModel(CLIPTextConfig(**sizes["text_encoder"])),
            "taesd": AutoencoderTiny(),
        }
    assert SD15.parameters == {name: numbers(network) for name, network in networks.items()}


def test_what_is_loaded_later_has_the_parameters_of_its_architecture() -> None:
    unet = sd15.sizes()["unet"]
    second = {"cross_attention_dim": 1024, "attention_head_dim": [5, 10, 20, 20], "use_linear_projection": True}
    sight = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16}
    with torch.device("meta"):
        first, other = UNet2DConditionModel(**unet), UNet2DConditionModel(**unet | second)
        led, too = (ControlNetModel.from_unet(each, load_weights_from_unet=False) for each in (first, other))
        checker = StableDiffusionSafetyChecker(
            CLIPConfig(vision_config=sight | {"patch_size": 14}, text_config={}, projection_dim=768)
        )
    lazy = SD15.lazy_parameters
    assert (lazy["controlnet"], lazy["safety_checker"]) == (numbers(led), numbers(checker))
    assert (COOL_JAPAN.lazy_parameters["controlnet"], COOL_JAPAN.parameters["unet"]) == (numbers(too), numbers(other))


def numbers(network: torch.nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())
