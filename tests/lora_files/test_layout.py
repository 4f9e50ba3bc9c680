"""The table's layers are those of the real networks, built without weights on torch's meta device."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from animegen.lora_files import bases, write_kohya
from animegen.lora_files.layout import Layers
from animegen.lora_files.weights import open_weights
from tests.lora_files.making import adapter, kohya_targets, places

EXAMPLES = {
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight": (1, 320),
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight": (1, 768),
    "lora_unet_mid_block_attentions_0_proj_in.lora_up.weight": (1280, 1, 1, 1),
    "lora_unet_up_blocks_3_attentions_2_transformer_blocks_0_ff_net_0_proj.lora_up.weight": (2560, 1),
    "lora_unet_up_blocks_1_attentions_0_transformer_blocks_0_attn2_to_out_0.alpha": (),
    "lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_up.weight": (768, 1),
    "lora_te_text_model_encoder_layers_11_mlp_fc1.lora_up.weight": (3072, 1),
}
"""Keys and shapes that kohya's trainer writes for Stable Diffusion 1.5 at rank 1."""
CHIBI = Path(__file__).parents[2] / "animegen/chibi/weights/unet"
NAMES = ["sd1", "sd2", "chibi"]
UNETS: dict[str, dict[str, Any]] = {
    "sd1": {"cross_attention_dim": 768, "attention_head_dim": 8},
    "sd2": {"cross_attention_dim": 1024, "attention_head_dim": (5, 10, 20, 20), "use_linear_projection": True},
    "sdxl": {
        "block_out_channels": (320, 640, 1280),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "transformer_layers_per_block": (1, 2, 10),
        "attention_head_dim": (5, 10, 20),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2816,
        "cross_attention_dim": 2048,
    },
}
TEXTS = {"sd1": (768, 3072, 12), "sd2": (1024, 4096, 23), "chibi": (192, 768, 3)}


def layers_of(network: Any) -> Layers:
    from torch import nn

    kinds = (nn.Linear, nn.Conv2d)
    return {name: tuple(each.weight.shape) for name, each in network.named_modules() if isinstance(each, kinds)}


@cache
def real_unet(name: str) -> Layers:
    import torch
    from diffusers import UNet2DConditionModel

    with torch.device("meta"):
        config = UNETS[name] if name in UNETS else UNet2DConditionModel.load_config(CHIBI)
        return layers_of(UNet2DConditionModel.from_config(config))


@pytest.mark.parametrize("name", [*NAMES, "sdxl"])
def test_a_unets_layers_are_the_real_ones(name: str) -> None:
    assert dict(bases()[name].layers["unet"]) == real_unet(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_encoders_layers_are_the_real_ones(name: str) -> None:
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel

    width, inner, depth = TEXTS[name]
    config = CLIPTextConfig(hidden_size=width, intermediate_size=inner, num_hidden_layers=depth, num_attention_heads=4)
    with torch.device("meta"):
        network = CLIPTextModel(config)
    assert dict(bases()[name].layers["text_encoder"]) == layers_of(network)


def test_kohyas_full_set_for_sd_15_is_264_modules_in_792_tensors(tmp_path) -> None:
    write_kohya(adapter("sd1", kohya_targets(bases()["sd1"]), rank=1), tmp_path / "full.safetensors")
    with open_weights(tmp_path / "full.safetensors") as weights:
        assert len(weights.tensors) == 792
        assert sum(key.endswith(".alpha") for key in weights.tensors) == 264
        assert {key: weights.tensors[key].shape for key in EXAMPLES} == EXAMPLES


def test_q_k_and_v_at_rank_32_have_the_published_number_of_parameters() -> None:
    at = [place for place in kohya_targets(bases()["sd1"]) if place[1].endswith(("to_q", "to_k", "to_v"))]
    assert adapter("sd1", at, rank=32).counted()["parameters"] == 4_780_032


def test_no_two_layers_have_one_name_in_underscores() -> None:
    paths = {path for base in bases().values() for layers in base.layers.values() for path in layers}
    assert len({path.replace(".", "_") for path in paths}) == len(paths)


@pytest.mark.parametrize("name", NAMES)
def test_no_layers_name_is_the_end_of_anothers_so_that_a_peft_config_means_one(name: str) -> None:
    paths = [path for _, path in places(bases()[name])]
    assert [(one, other) for one in paths for other in paths if other.endswith("." + one)] == []
