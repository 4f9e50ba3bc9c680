"""Broken and hostile files: each is refused in one sentence that names the file and the cause."""

import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save, save_file

from animegen.errors import AdapterRefused
from animegen.lora_files import bases, read, write_diffusers, write_kohya, write_peft
from animegen.lora_files.weights import MAX_HEADER, open_weights
from tests.lora_files.making import adapter, write_raw

NAME = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k"
DOWN, UP = f"{NAME}.lora_A.weight", f"{NAME}.lora_B.weight"
GOOD = {DOWN: np.ones((2, 768), np.float32), UP: np.ones((1280, 2), np.float32)}
FOUR = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


class Trap:
    """What an attacker puts into a pickle: a function that runs when it is opened."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was opened",))


def refused(path: Path) -> str:
    """Return the sentence with which a file is refused, and hold it to the house's form."""
    with pytest.raises(AdapterRefused) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(path.parent) not in sentence
    return sentence


FIRST_BYTES = {
    "nothing": (b"", "is empty"),
    "a few bytes": (b"\x10\0\0", "no safetensors file"),
    "an LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "git lfs pull"),
    "a pickle": (pickle.dumps(Trap()), "is a pickle"),
    "a zip of PyTorch": (b"PK\x03\x04" + bytes(100), "is a pickle of PyTorch"),
    "a web page": (b"<!DOCTYPE html><title>401</title>", "web page"),
    "GGUF": (b"GGUF\x03\0\0\0" + bytes(30), "GGUF"),
    "noise": (bytes(range(100, 200)), "no safetensors file"),
}


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".bin", ""])
@pytest.mark.parametrize(("data", "words"), FIRST_BYTES.values(), ids=FIRST_BYTES)
def test_what_is_no_safetensors_file_is_named_whatever_it_is_called(data: bytes, words: str, suffix, tmp_path) -> None:
    path = tmp_path / f"miku{suffix}"
    path.write_bytes(data)
    assert words in refused(path)


def test_a_safetensors_file_is_read_whatever_it_is_called(tmp_path) -> None:
    save_file(GOOD, tmp_path / "miku.pt")
    assert len(read(tmp_path / "miku.pt").modules) == 1


HEADERS: dict[str, tuple[Any, bytes, str]] = {
    "not JSON": ("{oops", b"", "damaged header"),
    "not UTF-8": (b'{"\xff": 1}', b"", "damaged header"),
    "entries that are no objects": ('{"a": 1}', b"", "damaged header"),
    "nested a hundred thousand times": ('{"a":' * 100_000 + "1" + "}" * 100_000, b"", "damaged header"),
    "a type that does not exist": ({"a": FOUR | {"dtype": "F3"}}, bytes(4), "damaged header"),
    "a negative side": ({"a": FOUR | {"shape": [-1]}}, bytes(4), "damaged header"),
    "a side of true": ({"a": FOUR | {"shape": [True]}}, bytes(4), "damaged header"),
    "sides without end": ({"a": FOUR | {"shape": [10**18] * 10_000}}, bytes(4), "damaged header"),
    "a shape that is not its size": ({"a": FOUR | {"shape": [2]}}, bytes(4), "damaged header"),
    "offsets backwards": ({"a": FOUR | {"data_offsets": [4, 0]}}, bytes(4), "damaged header"),
    "offsets of three": ({"a": FOUR | {"data_offsets": [0, 2, 4]}}, bytes(4), "damaged header"),
    "metadata of numbers": ({"__metadata__": {"a": 1}}, b"", "damaged header"),
    "metadata that is a list": ({"__metadata__": ["a"]}, b"", "damaged header"),
    "metadata of half letters": ('{"__metadata__": {"a": "\\ud800"}}', b"", "damaged header"),
    "a number of a thousand digits": ({"a": FOUR | {"data_offsets": [0, 10**1000]}}, bytes(4), "damaged header"),
    "a name twice": ('{"a": {}, "a": {}}', bytes(4), "twice"),
    "overlapping tensors": ({"a": FOUR, "b": FOUR}, bytes(4), "overlap"),
    "a gap": ({"a": FOUR | {"data_offsets": [4, 8]}}, bytes(8), "gaps"),
    "data missing": ({"a": FOUR}, bytes(3), "1 bytes are missing"),
    "trailing bytes": ({"a": FOUR}, bytes(4) + b"#!/bin/sh", "9 bytes after its data"),
    "no tensors": ({}, b"", "no tensors"),
}


@pytest.mark.parametrize(("header", "data", "words"), HEADERS.values(), ids=HEADERS)
def test_a_header_that_cannot_be_true_is_refused(header: Any, data: bytes, words: str, tmp_path) -> None:
    assert words in refused(write_raw(tmp_path / "miku.safetensors", header, data))


@pytest.mark.parametrize(("length", "words"), [(MAX_HEADER + 1, "which no LoRA needs"), (2**63, "no LoRA needs")])
def test_an_absurdly_long_header_is_refused_before_it_is_read(length: int, words: str, tmp_path) -> None:
    assert words in refused(write_raw(tmp_path / "miku.safetensors", "{}", length=length))


def test_a_file_cut_anywhere_is_refused(tmp_path) -> None:
    whole = save({DOWN: np.ones((2, 8), np.float32), UP: np.ones((8, 2), np.float32)})
    path = tmp_path / "miku.safetensors"
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(AdapterRefused), open_weights(path):
            pass


@given(data=st.binary(max_size=200), tail=st.binary(max_size=40))
def test_any_bytes_at_all_are_read_or_refused(data: bytes, tail: bytes, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.safetensors"
    for content in (data, write_raw(path, b"{" + data, tail).read_bytes()):
        path.write_bytes(content)
        with suppress(AdapterRefused):
            read(path)


def test_what_is_no_file_is_refused(tmp_path) -> None:
    assert "not a file" in refused(tmp_path / "nowhere.safetensors")
    with pytest.raises(AdapterRefused, match="cannot be read"):
        read(tmp_path / ("a" * 300))


TENSORS: dict[str, tuple[dict[str, Any], str]] = {
    "NaN": (GOOD | {DOWN: np.full((2, 768), np.nan, np.float32)}, "NaN or infinite"),
    "infinity": (GOOD | {UP: np.full((1280, 2), np.inf, np.float16)}, "NaN or infinite"),
    "whole numbers": (GOOD | {UP: np.ones((1280, 2), np.int64)}, "type I64"),
    "only one factor": ({DOWN: GOOD[DOWN]}, "only a part"),
    "ranks that differ": (GOOD | {UP: np.ones((1280, 3), np.float32)}, "do not fit together"),
    "three sides": (GOOD | {UP: np.ones((1280, 2, 1), np.float32)}, "do not fit together"),
    "rank 0": ({DOWN: np.ones((0, 768), np.float32), UP: np.ones((1280, 0), np.float32)}, "do not fit together"),
    "one layer under two names": (
        GOOD | {f"{NAME}.lora.down.weight": GOOD[DOWN], f"{NAME}.lora.up.weight": GOOD[UP]},
        "twice under two names",
    ),
    "an unknown layer": (GOOD | {"unet.mid_block.attentions.7.proj_in.lora_A.weight": GOOD[DOWN]}, "no layer known"),
    "another model by its shapes": (
        {DOWN: np.ones((2, 512), np.float32), UP: GOOD[UP]},
        "512 to 1280, but 768 to 1280 in Stable Diffusion 1.x",
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
KINDS = {
    f"{KOHYA}.hada_w1_a": "LoHa",
    f"{KOHYA}.lokr_w1": "LoKr",
    f"{KOHYA}.dora_scale": "DoRA",
    f"{NAME}.lora_magnitude_vector": "DoRA",
    f"{KOHYA}.lora_mid.weight": "Tucker",
    f"{KOHYA}.oft_blocks": "OFT",
    f"{KOHYA}.on_input": "other than LoRA",
    "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight": "Stable Diffusion XL",
    "lora_unet_input_blocks_4_1_proj_in.lora_down.weight": "Stable Diffusion XL",
    "text_encoder_2.text_model.encoder.layers.0.mlp.fc1.lora_A.weight": "Stable Diffusion XL",
    "lora_unet_double_blocks_0_img_attn_proj.lora_down.weight": "other than Stable Diffusion",
    "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight": "other than Stable Diffusion",
    "emb_params": "textual inversion",
    "model.diffusion_model.input_blocks.0.0.weight": "whole model",
    "control_model.input_hint_block.0.weight": "ControlNet",
    "strange": "'strange' first",
}


@pytest.mark.parametrize(("key", "words"), KINDS.items(), ids=KINDS)
def test_other_kinds_of_weights_are_refused_by_name(key: str, words: str, tmp_path) -> None:
    save_file(GOOD | {key: np.ones((2, 2), np.float32)}, tmp_path / "miku.safetensors")
    assert words in refused(tmp_path / "miku.safetensors")


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


@pytest.mark.parametrize("name", ["adapter_config.json", "adapter_model.safetensors"])
def test_a_link_that_leads_out_of_a_folder_is_not_followed(name: str, tmp_path) -> None:
    (tmp_path / "outside").mkdir()
    write_peft(adapter("sd1"), tmp_path / "inside", "someone/sd15")
    (tmp_path / "inside" / name).rename(tmp_path / "outside" / name)
    (tmp_path / "inside" / name).symlink_to(tmp_path / "outside" / name)
    with pytest.raises(AdapterRefused, match=r"link that leads out|not beside it"):
        read(tmp_path / "inside")


def test_a_folder_of_pickles_is_refused_unopened(tmp_path) -> None:
    (tmp_path / "adapter_model.bin").write_bytes(pickle.dumps(Trap()))
    assert "nothing else is opened" in refused(tmp_path)


def test_parts_of_different_models_are_no_adapter(tmp_path) -> None:
    texts = [each for each in adapter("sd2").modules if each.part == "text_encoder"]
    write_peft(adapter("sd1"), tmp_path, "someone/sd15")
    other = type(adapter())(modules=tuple(texts), bases=("sd2",))
    write_peft(other, tmp_path, "someone/sd2")
    with pytest.raises(AdapterRefused, match="do not belong together"):
        read(tmp_path)


def test_a_lora_is_refused_for_a_model_that_it_is_not_of(tmp_path) -> None:
    path = write_diffusers(adapter("sd1"), tmp_path)
    with pytest.raises(AdapterRefused, match=r"is a LoRA for Stable Diffusion 1\.x; get one for chibi"):
        read(path, [bases()["chibi"]])


def test_a_name_meant_for_a_terminal_cannot_speak_to_it(tmp_path) -> None:
    save_file(GOOD | {"\x1b[2Jstrange": np.ones(1, np.float32)}, tmp_path / "miku\x1b[2J.safetensors")
    with pytest.raises(AdapterRefused) as caught:
        read(tmp_path / "miku\x1b[2J.safetensors")
    assert str(caught.value).isprintable()
