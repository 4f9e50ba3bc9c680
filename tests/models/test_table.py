import json

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from animegen import tasks
from animegen.bench import sd15
from animegen.models import loading, table, weights
from animegen.models.table import ModelRow

ROWS = pytest.mark.parametrize("row", table.rows().values(), ids=lambda row: row.name)
CHIBI, SD15 = table.rows()["chibi"], table.rows()["sd15"]


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
        }
    assert SD15.parameters == {
        name: sum(weight.numel() for weight in network.parameters()) for name, network in networks.items()
    }
