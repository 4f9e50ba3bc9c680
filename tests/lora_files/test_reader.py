"""Files as other programs write them: names old and new, alphas said in many ways."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from animegen.errors import AdapterRefused
from animegen.lora_files import Format, bases, read, write_peft
from animegen.lora_files.folders import inside
from animegen.lora_files.weights import open_weights
from animegen.messages import message
from tests.lora_files.making import adapter, write_raw

QUERY = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_q"
OUT = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_out.0"
TEXT = "encoder.layers.0.self_attn.q_proj"
DOWN, UP = np.ones((2, 320), np.float32), np.ones((640, 2), np.float32)
SQUARE = np.ones((2, 640), np.float32)
TE_DOWN, TE_UP = np.ones((2, 768), np.float32), np.ones((768, 2), np.float32)

UNET_PAIRS = {
    "kohya": ("lora_unet_" + QUERY.replace(".", "_") + ".lora_{}.weight", "down", "up"),
    "diffusers": (f"unet.{QUERY}.lora_{{}}.weight", "A", "B"),
    "diffusers 0.2x": (f"unet.{QUERY}.lora.{{}}.weight", "down", "up"),
    "diffusers processors": (f"unet.{QUERY.replace('attn2.', 'attn2.processor.')}_lora.{{}}.weight", "down", "up"),
    "diffusers without a prefix": (f"{QUERY.replace('attn2.', 'attn2.processor.')}_lora.{{}}.weight", "down", "up"),
}
TEXT_PAIRS = {
    "kohya": ("lora_te_text_model_" + TEXT.replace(".", "_") + ".lora_{}.weight", "down", "up"),
    "kohya by diffusers": ("lora_te1_text_model_" + TEXT.replace(".", "_") + ".lora_{}.weight", "down", "up"),
    "diffusers": (f"text_encoder.text_model.{TEXT}.lora_{{}}.weight", "A", "B"),
    "diffusers on transformers 5": (f"text_encoder.{TEXT}.lora_{{}}.weight", "A", "B"),
    "diffusers 0.2x": (f"text_encoder.text_model.{TEXT}.lora_linear_layer.{{}}.weight", "down", "up"),
    "diffusers 0.1x": (f"text_encoder.text_model.{TEXT.replace('q_proj', 'to_q')}_lora.{{}}.weight", "down", "up"),
}


def written(path: Path, tensors: Mapping[str, Any], **metadata: str) -> Path:
    save_file(dict(tensors), path, metadata or None)
    return path


def pair(names: tuple[str, str, str], down: Any, up: Any) -> dict[str, Any]:
    return {names[0].format(names[1]): down, names[0].format(names[2]): up}


@pytest.mark.parametrize("names", UNET_PAIRS.values(), ids=UNET_PAIRS)
def test_a_layer_of_the_unet_is_found_under_every_name_that_it_was_ever_given(names, tmp_path) -> None:
    found = read(written(tmp_path / "a.safetensors", pair(names, SQUARE, UP)))
    assert [(each.part, each.path, each.rank) for each in found.modules] == [("unet", QUERY, 2)]


@pytest.mark.parametrize("names", TEXT_PAIRS.values(), ids=TEXT_PAIRS)
def test_a_layer_of_the_text_encoder_is_found_under_every_name_that_it_was_ever_given(names, tmp_path) -> None:
    found = read(written(tmp_path / "a.safetensors", pair(names, TE_DOWN, TE_UP)))
    assert [(each.part, each.path, each.rank) for each in found.modules] == [("text_encoder", TEXT, 2)]


def test_an_old_name_for_the_output_of_an_attention_is_put_right(tmp_path) -> None:
    names = (f"unet.{OUT.removesuffix('.0').replace('attn2.', 'attn2.processor.')}_lora.{{}}.weight", "down", "up")
    found = read(written(tmp_path / "a.safetensors", pair(names, SQUARE, UP)))
    assert [each.path for each in found.modules] == [OUT]


@pytest.mark.parametrize(
    ("names", "form"),
    [
        ("kohya", Format.KOHYA),
        ("diffusers", Format.DIFFUSERS),
        ("diffusers 0.2x", Format.DIFFUSERS),
        ("diffusers without a prefix", Format.DIFFUSERS_OLD),
    ],
)
def test_the_format_is_told(names: str, form: Format, tmp_path) -> None:
    assert read(written(tmp_path / "a.safetensors", pair(UNET_PAIRS[names], SQUARE, UP))).source is form


@pytest.mark.parametrize("alpha", [np.float32(1.5), np.float16(1.5), np.array([1.5])], ids=["fp32", "fp16", "in a row"])
def test_kohyas_alpha_is_the_tensor_whatever_the_metadata_says(alpha, tmp_path) -> None:
    tensors = pair(UNET_PAIRS["kohya"], SQUARE, UP)
    tensors["lora_unet_" + QUERY.replace(".", "_") + ".alpha"] = np.asarray(alpha)
    assert read(written(tmp_path / "a.safetensors", tensors, ss_network_alpha="16")).modules[0].alpha == 1.5


@pytest.mark.parametrize("names", ["kohya", "diffusers"])
def test_without_a_word_on_alpha_it_is_the_rank_and_that_is_noted(names: str, tmp_path) -> None:
    found = read(written(tmp_path / "a.safetensors", pair(UNET_PAIRS[names], SQUARE, UP)))
    assert found.modules[0].alpha == 2.0
    assert "alpha = rank is assumed" in " ".join(map(str, found.notes))


def test_bfloat16_is_read_exactly(tmp_path) -> None:
    names = UNET_PAIRS["diffusers"]
    halves = [struct.pack("<f", value)[2:] * 1280 for value in (1.5, -0.0078125)]
    header = {
        names[0].format("A"): {"dtype": "BF16", "shape": [2, 640], "data_offsets": [0, 2560]},
        names[0].format("B"): {"dtype": "BF16", "shape": [640, 2], "data_offsets": [2560, 5120]},
    }
    (found,) = read(write_raw(tmp_path / "a.safetensors", header, b"".join(halves))).modules
    assert (found.down.dtype, set(found.down.flat), set(found.up.flat)) == (np.float32, {1.5}, {-0.0078125})


@pytest.mark.parametrize("shape", [(2, 1280), (2, 1280, 1, 1)], ids=["linear", "convolution"])
@pytest.mark.parametrize("base", ["sd1", "sd2"])
def test_a_convolution_of_one_pixel_may_be_written_as_a_linear_layer_and_the_other_way(base, shape, tmp_path) -> None:
    path = "mid_block.attentions.0.proj_in"
    names = (f"unet.{path}.lora_{{}}.weight", "A", "B")
    mark = pair((f"unet.{QUERY.replace('to_q', 'to_k')}.lora_{{}}.weight", "A", "B"), *told(base))
    factors = np.ones(shape, np.float32), np.ones((1280, 2, *shape[2:]), np.float32)
    found = read(written(tmp_path / "a.safetensors", pair(names, *factors) | mark))
    (projection,) = [each for each in found.modules if each.path == path]
    assert projection.shape == bases()[base].layers["unet"][path]


def told(base: str) -> tuple[Any, Any]:
    """Factors of a layer that only this base has in this shape."""
    return np.ones((2, {"sd1": 768, "sd2": 1024}[base]), np.float32), UP


def test_a_lora_of_layers_that_two_models_share_says_both(tmp_path) -> None:
    assert read(written(tmp_path / "a.safetensors", pair(UNET_PAIRS["kohya"], SQUARE, UP))).bases == ("sd1", "sd2")


def test_a_files_own_words_decide_between_models_that_share_its_layers(tmp_path) -> None:
    path = written(tmp_path / "a.safetensors", pair(UNET_PAIRS["kohya"], SQUARE, UP), ss_base_model_version="sd_v2_v")
    assert read(path).bases == ("sd2",)


def text_adapter(folder: Path, base: Any) -> Path:
    """A PEFT folder of one layer of the text encoder that Stable Diffusion 1.x and XL share, and what it says of it."""
    names = (f"base_model.model.text_model.{TEXT}.lora_{{}}.weight", "A", "B")
    written(folder / "adapter_model.safetensors", pair(names, TE_DOWN, TE_UP))
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 1, "base_model_name_or_path": base}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder


@pytest.mark.parametrize(
    "base", ["stabilityai/stable-diffusion-xl-base-1.0", "cagliostrolab/animagine-xl-3.1", "/models/SDXL"]
)
def test_a_peft_config_decides_between_models_that_share_a_text_encoder(base: str, tmp_path) -> None:
    with pytest.raises(AdapterRefused, match=r"is a LoRA for Stable Diffusion XL; use one for Stable Diffusion 1\.x"):
        read(text_adapter(tmp_path, base))


@pytest.mark.parametrize("base", ["runwayml/stable-diffusion-v1-5", "CompVis/stable-diffusion-v1-4"])
def test_a_peft_config_that_names_a_model_that_draws_here_leaves_no_doubt(base: str, tmp_path) -> None:
    found = read(text_adapter(tmp_path, base))
    assert (found.bases, found.notes) == (("sd1",), ())


@pytest.mark.parametrize(
    ("base", "note"),
    [
        ("somebody/model", "The file gives 'somebody/model' as its base, and these models have the same layers"),
        (None, "The file does not say for which model it is, and these have the same layers"),
    ],
)
def test_where_neither_shapes_nor_words_decide_that_is_noted(base: Any, note: str, tmp_path) -> None:
    found = read(text_adapter(tmp_path, base))
    assert found.bases == ("sd1",)
    (found_note,) = map(str, found.notes)
    assert found_note.startswith(note)
    assert found_note.endswith(": Stable Diffusion 1.x, Stable Diffusion XL.")


def test_shapes_are_believed_before_words(tmp_path) -> None:
    names = (f"unet.{QUERY.replace('to_q', 'to_k')}.lora_{{}}.weight", "A", "B")
    tensors = pair(names, TE_DOWN, UP)
    path = written(tmp_path / "a.safetensors", tensors, ss_base_model_version="sdxl_base_v1-0")
    assert read(path).bases == ("sd1",)


def test_the_embedding_that_comes_with_a_lora_is_named_as_not_read(tmp_path) -> None:
    bundled = {f"bundle_emb.miku.{key}": np.ones((2, 768), np.float32) for key in ("string_to_param.*", "clip_l")}
    found = read(written(tmp_path / "a.safetensors", pair(UNET_PAIRS["kohya"], SQUARE, UP) | bundled))
    assert len(found.modules) == 1
    assert message("lora_files.embeddings_ignored", names="miku") in found.notes


def test_a_diffusers_header_says_alpha(tmp_path) -> None:
    config = {f"unet.{key}": value for key, value in {"r": 2, "lora_alpha": 6}.items()}
    tensors = pair(UNET_PAIRS["diffusers"], SQUARE, UP)
    found = read(written(tmp_path / "a.safetensors", tensors, lora_adapter_metadata=json.dumps(config)))
    assert found.modules[0].alpha == 6.0
    assert "alpha" not in " ".join(map(str, found.notes))


def test_of_a_published_folder_the_file_of_all_parts_is_read(tmp_path) -> None:
    from animegen.lora_files import write_diffusers, write_kohya

    made = adapter("sd1")
    write_peft(made, tmp_path, "someone/sd15")
    write_kohya(made, tmp_path / "name.safetensors")
    write_diffusers(made, tmp_path)
    assert read(tmp_path).source is Format.DIFFUSERS


def test_a_folder_of_several_files_asks_for_one(tmp_path) -> None:
    for name in ("a", "b"):
        written(tmp_path / f"{name}.safetensors", pair(UNET_PAIRS["kohya"], SQUARE, UP))
    with pytest.raises(AdapterRefused, match="holds 2 LoRA files"):
        read(tmp_path)


def test_the_hubs_cache_may_link_to_its_own_store(tmp_path) -> None:
    blob = tmp_path / "models--a--b" / "blobs" / "0123"
    blob.parent.mkdir(parents=True)
    written(blob, pair(UNET_PAIRS["kohya"], SQUARE, UP))
    snapshot = tmp_path / "models--a--b" / "snapshots" / "abc"
    (snapshot / "deep").mkdir(parents=True)
    (snapshot / "name.safetensors").symlink_to(blob)
    assert len(read(snapshot).modules) == 1
    assert inside(snapshot / "name.safetensors", snapshot / "deep")


def test_a_files_own_words_decide_which_models_shapes_it_gets(tmp_path) -> None:
    path = "mid_block.attentions.0.proj_in"
    factors = np.ones((2, 1280, 1, 1), np.float32), np.ones((1280, 2, 1, 1), np.float32)
    tensors = pair((f"unet.{path}.lora_{{}}.weight", "A", "B"), *factors)
    found = read(written(tmp_path / "a.safetensors", tensors, ss_base_model_version="sd_v2"))
    assert found.modules[0].shape == (1280, 1280)


def test_nothing_stays_open_after_reading(tmp_path) -> None:
    path = written(tmp_path / "a.safetensors", pair(UNET_PAIRS["kohya"], SQUARE, UP))
    with open_weights(path) as weights:
        pass
    assert weights.file.closed
