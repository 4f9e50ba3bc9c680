"""Broken and hostile files: each is refused in one sentence that names the file and the cause."""

import json
import pickle
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from animegen.errors import AdapterRefused
from animegen.lora_files import bases, read, write_diffusers, write_kohya, write_peft
from animegen.lora_files.weights import open_weights
from tests.lora_files.making import DOWN, GOOD, NAME, UP, Trap, adapter, refused, same

TENSORS: dict[str, tuple[dict[str, Any], str]] = {
    "NaN": (GOOD | {DOWN: np.full((2, 768), np.nan, np.float32)}, "NaN or infinite"),
    "infinity": (GOOD | {UP: np.full((1280, 2), np.inf, np.float16)}, "NaN or infinite"),
    "whole numbers": (GOOD | {UP: np.ones((1280, 2), np.int64)}, "type I64"),
    "only one factor": ({DOWN: GOOD[DOWN]}, "only a part"),
    "ranks that differ": (GOOD | {UP: np.ones((1280, 3), np.float32)}, "do not fit together"),
    "its factors exchanged": ({DOWN: GOOD[UP], UP: GOOD[DOWN]}, "do not fit together"),
    "both factors of one rank, turned": ({DOWN: GOOD[DOWN].T.copy(), UP: GOOD[UP].T.copy()}, "do not fit together"),
    "three sides": (GOOD | {UP: np.ones((1280, 2, 1), np.float32)}, "do not fit together"),
    "rank 0": ({DOWN: np.ones((0, 768), np.float32), UP: np.ones((1280, 0), np.float32)}, "do not fit together"),
    "one layer under two names": (
        GOOD | {f"{NAME}.lora.down.weight": GOOD[DOWN], f"{NAME}.lora.up.weight": GOOD[UP]},
        "twice under two names",
    ),
    "an unknown layer": (GOOD | {"unet.mid_block.attentions.7.proj_in.lora_A.weight": GOOD[DOWN]}, "no known layer"),
    "another model by its shapes": (
        {DOWN: np.ones((2, 512), np.float32), UP: GOOD[UP]},
        "is 512→1280, but 768→1280 in Stable Diffusion 1.x",
    ),
    "two models in one": (
        GOOD | {k.replace("to_k", "to_v"): np.ones((2, 1024) if k == DOWN else (1280, 2), np.float32) for k in GOOD},
        "of another model",
    ),
    "Stable Diffusion XL by its shapes": (
        {DOWN: np.ones((2, 2048), np.float32), UP: GOOD[UP]},
        "is a LoRA for Stable Diffusion XL",
    ),
    "Stable Diffusion XL by its depth": (
        {
            "lora_unet_mid_block_attentions_0_transformer_blocks_9_attn1_to_k.lora_down.weight": np.ones(
                (2, 1280), "f4"
            ),
            "lora_unet_mid_block_attentions_0_transformer_blocks_9_attn1_to_k.lora_up.weight": np.ones((1280, 2), "f4"),
        },
        "is a LoRA for Stable Diffusion XL",
    ),
}


@pytest.mark.parametrize(("tensors", "words"), TENSORS.values(), ids=TENSORS)
def test_tensors_that_make_no_lora_for_a_model_here_are_refused(tensors, words: str, tmp_path) -> None:
    save_file(tensors, tmp_path / "miku.safetensors")
    assert words in refused(tmp_path / "miku.safetensors")


KOHYA = "lora_unet_mid_block_attentions_0_proj_in"
PEFT = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k"
KINDS = {
    f"{KOHYA}.hada_w1_a": "LoHa",
    f"{KOHYA}.lokr_w1": "LoKr",
    f"{KOHYA}.dora_scale": "DoRA",
    f"{NAME}.lora_magnitude_vector": "DoRA",
    f"{KOHYA}.oft_blocks": "OFT",
    f"{KOHYA}.on_input": "other than LoRA",
    f"{KOHYA}.hada_t1": "LoHa",
    f"{KOHYA}.lokr_t2": "LoKr",
    f"{KOHYA}.a1.weight": "other than LoRA",
    f"{KOHYA}.diff": "other than LoRA",
    f"base_model.model.{PEFT}.hada_w1_a": "LoHa",
    f"base_model.model.{PEFT}.lokr_w2_b": "LoKr",
    f"base_model.model.{PEFT}.oft_R.weight": "OFT",
    f"base_model.model.{PEFT}.ia3_l": "other than LoRA",
    f"base_model.model.{PEFT}.vera_lambda_b": "other than LoRA",
    f"base_model.model.{PEFT}.lora_magnitude_vector.weight": "DoRA",
    "lora_unet_single_blocks_0_linear1.lora_down.weight": "other than Stable Diffusion",
    "lora_unet_joint_blocks_0_context_block_attn_qkv.lora_down.weight": "other than Stable Diffusion",
    "diffusion_model.double_blocks.0.img_attn.qkv.lora_A.weight": "other than Stable Diffusion",
    "lora_te3_encoder_block_0_layer_0_SelfAttention_k.lora_down.weight": "Stable Diffusion XL",
    "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight": "Stable Diffusion XL",
    "lora_unet_input_blocks_4_1_proj_in.lora_down.weight": "Stable Diffusion XL",
    "text_encoder_2.text_model.encoder.layers.0.mlp.fc1.lora_A.weight": "Stable Diffusion XL",
    "lora_unet_double_blocks_0_img_attn_proj.lora_down.weight": "other than Stable Diffusion",
    "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight": "other than Stable Diffusion",
    "emb_params": "textual inversion",
    "unet:0:down": "a LoRA of cloneofsimo/lora",
    "text_encoder:0:up": "convert it to the format of kohya or diffusers",
    "model.diffusion_model.input_blocks.0.0.weight": "whole model",
    "control_model.input_hint_block.0.weight": "ControlNet",
    "strange": "'strange' is the first",
}


@pytest.mark.parametrize(("key", "words"), KINDS.items(), ids=KINDS)
def test_other_kinds_of_weights_are_refused_by_name(key: str, words: str, tmp_path) -> None:
    save_file(GOOD | {key: np.ones((2, 2), np.float32)}, tmp_path / "miku.safetensors")
    assert words in refused(tmp_path / "miku.safetensors")


def test_an_embedding_alone_is_no_lora_however_it_is_bundled(tmp_path) -> None:
    save_file({"bundle_emb.miku.clip_l": np.ones((2, 768), np.float32)}, tmp_path / "miku.safetensors")
    assert "is a textual inversion, not a LoRA" in refused(tmp_path / "miku.safetensors")


@pytest.mark.parametrize("alpha", [np.nan, np.inf, 0, -1], ids=str)
def test_an_alpha_that_is_no_scale_is_refused(alpha: float, tmp_path) -> None:
    path = tmp_path / "miku.safetensors"
    write_kohya(adapter("sd1"), path)
    with open_weights(path) as weights:
        tensors = {key: np.asarray(weights.factor(key)).copy() for key in weights.tensors if "weight" in key}
        alphas = {key: np.float32(alpha) for key in weights.tensors if "alpha" in key}
    save_file(tensors | {key: np.asarray(value) for key, value in alphas.items()}, path)
    assert "alpha" in refused(path)


def test_an_alpha_of_many_numbers_is_refused(tmp_path) -> None:
    tensors = {
        f"{KOHYA}.lora_down.weight": np.ones((2, 1280), "f4"),
        f"{KOHYA}.lora_up.weight": np.ones((1280, 2), "f4"),
    }
    save_file(tensors | {f"{KOHYA}.alpha": np.ones(2, np.float32)}, tmp_path / "miku.safetensors")
    assert "no single number" in refused(tmp_path / "miku.safetensors")


@pytest.mark.parametrize("text", ["no JSON", "[1]", "[" * 100_000, '{"r": 4}'])
def test_a_config_that_is_none_is_refused(text: str, tmp_path) -> None:
    write_peft(adapter("sd1"), tmp_path, "someone/sd15")
    (tmp_path / "adapter_config.json").write_text(text)
    with pytest.raises(AdapterRefused, match=r"adapter_model\.safetensors has a config"):
        read(tmp_path)


def test_a_config_of_fifty_megabytes_is_refused_and_not_read_to_its_end(tmp_path) -> None:
    write_peft(adapter("sd1"), tmp_path, "someone/sd15")
    config = tmp_path / "adapter_config.json"
    config.write_text(config.read_text().replace("{", '{"pad": "' + "a" * 50_000_000 + '",', 1))
    with pytest.raises(AdapterRefused, match=r"adapter_model\.safetensors has a config that is no JSON object"):
        read(tmp_path)


@pytest.mark.parametrize("place", ["../../etc/passwd", "/etc/passwd", "C:\\x", "\0", 7, None, "http://127.0.0.1/x"])
def test_no_place_that_a_config_names_is_looked_at(place: Any, tmp_path) -> None:
    write_peft(adapter("sd1"), tmp_path, "someone/sd15")
    plain = read(tmp_path)
    for path in tmp_path.rglob("adapter_config.json"):
        named = dict.fromkeys(("base_model_name_or_path", "auto_mapping", "revision", "target_modules"), place)
        path.write_text(json.dumps(json.loads(path.read_text()) | named))
    assert same(read(tmp_path), plain)


@pytest.mark.parametrize("name", ["adapter_config.json", "adapter_model.safetensors"])
def test_a_link_that_leads_out_of_a_folder_is_not_followed(name: str, tmp_path) -> None:
    (tmp_path / "outside").mkdir()
    write_peft(adapter("sd1"), tmp_path / "inside", "someone/sd15")
    (tmp_path / "inside" / name).rename(tmp_path / "outside" / name)
    (tmp_path / "inside" / name).symlink_to(tmp_path / "outside" / name)
    with pytest.raises(AdapterRefused, match=r"link that leads out|in the same folder"):
        read(tmp_path / "inside")


def test_a_folder_of_pickles_is_refused_unopened(tmp_path) -> None:
    (tmp_path / "adapter_model.bin").write_bytes(pickle.dumps(Trap()))
    assert "holds no LoRA as safetensors" in refused(tmp_path)


def test_parts_of_different_models_are_no_adapter(tmp_path) -> None:
    texts = [each for each in adapter("sd2").modules if each.part == "text_encoder"]
    write_peft(adapter("sd1"), tmp_path, "someone/sd15")
    other = type(adapter())(modules=tuple(texts), bases=("sd2",))
    write_peft(other, tmp_path, "someone/sd2")
    with pytest.raises(AdapterRefused, match="do not belong together"):
        read(tmp_path)


def test_a_lora_is_refused_for_a_model_that_it_is_not_of(tmp_path) -> None:
    path = write_diffusers(adapter("sd1"), tmp_path)
    with pytest.raises(AdapterRefused, match=r"is a LoRA for Stable Diffusion 1\.x; use one for chibi"):
        read(path, [bases()["chibi"]])


def test_a_name_meant_for_a_terminal_cannot_speak_to_it(tmp_path) -> None:
    save_file(GOOD | {"\x1b[2Jstrange": np.ones(1, np.float32)}, tmp_path / "miku\x1b[2J.safetensors")
    with pytest.raises(AdapterRefused) as caught:
        read(tmp_path / "miku\x1b[2J.safetensors")
    assert str(caught.value).isprintable()
