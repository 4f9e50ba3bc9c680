"""Memory: one set of weights against one for each pipeline, counted by storages."""

from collections import OrderedDict

import pytest
import torch

from animegen.bench import memory, sd15
from animegen.bench.memory import separate, stored, together

BLOCK = {"layers_per_block": 1, "norm_num_groups": 4}
SIZES = {
    "row": dict(sd15.sizes()["row"]),
    "unet": BLOCK
    | {
        "sample_size": 8,
        "in_channels": 4,
        "out_channels": 4,
        "block_out_channels": [8, 16],
        "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
        "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"],
        "cross_attention_dim": 16,
    },
    "vae": dict(sd15.sizes()["vae"]) | BLOCK | {"block_out_channels": [4, 4, 8, 8]},
    "text_encoder": {
        "vocab_size": 200,
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "bos_token_id": 188,
        "eos_token_id": 189,
    },
    "scheduler": dict(sd15.sizes()["scheduler"]),
}
SIDE = 64


def test_the_full_size_is_that_of_stable_diffusion_15() -> None:
    sizes = sd15.sizes()
    with torch.device("meta"):
        unet = sd15.UNet2DConditionModel(**sizes["unet"])
        networks = {
            "unet": unet,
            "vae": sd15.AutoencoderKL(**sizes["vae"]),
            "controlnet": sd15.ControlNetModel.from_unet(unet, load_weights_from_unet=False),
            "text_encoder": sd15.CLIPTextModel(sd15.CLIPTextConfig(**sizes["text_encoder"])),
        }
    assert {name: sum(each.numel() for each in network.parameters()) for name, network in networks.items()} == {
        "unet": 859_520_964,
        "vae": 83_653_863,
        "controlnet": 361_279_120,
        "text_encoder": 123_060_480,
    }


def test_all_tasks_of_one_studio_take_one_set_of_weights_and_pipelines_three() -> None:
    parts = sd15.parts(SIZES, memory.placement())
    one = stored([parts.unet, parts.vae, parts.text_encoder])
    edges = stored([sd15.controlnet(parts)])
    assert together(SIZES, SIDE).weights == one + edges
    assert separate(SIZES, SIDE).weights == 3 * one + edges


def test_a_storage_that_two_networks_share_is_counted_once() -> None:
    network = torch.nn.Linear(4, 4)
    pair = torch.nn.Sequential(OrderedDict(first=network, second=network))
    assert stored([network, pair]) == stored([network]) == 4 * (4 * 4 + 4)
    assert stored([network, torch.nn.Linear(4, 4)]) == 2 * stored([network])


@pytest.mark.slow
def test_both_ways_are_measured_in_processes_of_their_own() -> None:
    row = memory.measure(SIZES)
    assert row.ours.weights < row.plain.weights
    assert row.ours.peak is None or row.ours.peak > 0
