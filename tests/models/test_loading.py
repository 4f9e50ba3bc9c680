import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import ImageChops
from safetensors.torch import load_file, save_file

from animegen.errors import ModelUnavailable
from animegen.models import controlnet, loading
from animegen.models.selection import choose
from animegen.studio import Studio
from animegen.tasks import TextToImage
from tests import tiny


@pytest.fixture
def copy(model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder, tmp_path / "copy"))


def test_a_saved_model_loads_with_the_weights_it_was_saved_with(model_folder: Path) -> None:
    loaded = loading.load(tiny.ROW, tiny.CPU, model_folder)
    saved = tiny.parts().unet.state_dict()
    assert all(torch.equal(weight, saved[name]) for name, weight in loaded.unet.state_dict().items())


def test_loaded_parts_are_ready_to_draw(model_folder: Path) -> None:
    loaded = loading.load(tiny.ROW, tiny.CPU, model_folder)
    for network in (loaded.unet, loaded.vae, loaded.text_encoder):
        assert not network.training
        assert not any(weight.requires_grad for weight in network.parameters())


def test_half_precision_files_are_computed_in_the_placements_format(copy: Path) -> None:
    tiny.pipeline(tiny.parts()).to(dtype=torch.float16).save_pretrained(copy)
    assert loading.load(tiny.ROW, tiny.CPU, copy).unet.dtype == torch.float32


def test_one_latent_covers_eight_pixels() -> None:
    assert tiny.parts().latent_scale == 8


@pytest.mark.parametrize("part", ["unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"])
def test_a_file_cut_short_is_refused_in_a_sentence(copy: Path, part: str) -> None:
    content = (copy / part).read_bytes()
    (copy / part).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        loading.load(tiny.ROW, tiny.CPU, copy)


UNET = "unet/diffusion_pytorch_model.safetensors"
DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "an LFS pointer": (
        lambda _: b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
        "is a Git LFS pointer",
    ),
    "nothing": (lambda _: b"", "is empty"),
    "cut short": (lambda data: data[:-9], "is cut off: 9 bytes are missing"),
    "trailing bytes": (lambda data: data + b"#!/bin/sh", "has 9 unexpected bytes after its data"),
    "a pickle": (lambda _: b"PK\x03\x04" + bytes(100), "is a pickle of PyTorch"),
    "a header without end": (lambda data: b"\xff" * 7 + b"\0" + data[8:], "has a header of"),
}


@pytest.mark.parametrize(("damaged", "words"), DAMAGES.values(), ids=DAMAGES)
def test_the_damaged_file_of_a_model_is_named_with_the_cause(
    copy: Path, damaged: Callable[[bytes], bytes], words: str
) -> None:
    (copy / UNET).write_bytes(damaged((copy / UNET).read_bytes()))
    for open_it in (lambda: loading.load(tiny.ROW, tiny.CPU, copy), lambda: choose(str(copy))):
        with pytest.raises(ModelUnavailable, match=f"incomplete or damaged: {UNET} {words}"):
            open_it()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("part", [UNET, "vae/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"])
def test_a_model_with_a_value_that_is_no_number_is_refused(copy: Path, part: str, value: float) -> None:
    weights = load_file(copy / part)
    weights[max(weights)].view(-1)[0] = value
    save_file(weights, copy / part, {"format": "pt"})
    with pytest.raises(ModelUnavailable, match=rf"{Path(part).parent} has NaN or infinite values in '\S+'"):
        loading.load(tiny.ROW, tiny.CPU, copy)


@pytest.mark.parametrize("part", [UNET, "vae/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"])
def test_no_missing_weight_is_drawn_with_as_chance_has_it(copy: Path, part: str) -> None:
    weights = load_file(copy / part)
    del weights[min(weights)]
    save_file(weights, copy / part, {"format": "pt"})
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        loading.load(tiny.ROW, tiny.CPU, copy)


@pytest.mark.parametrize("part", ["vae", "tokenizer", "scheduler"])
def test_a_missing_part_is_refused_in_a_sentence(copy: Path, part: str) -> None:
    shutil.rmtree(copy / part)
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        loading.load(tiny.ROW, tiny.CPU, copy)


def test_a_missing_folder_names_no_path_of_the_machine() -> None:
    with pytest.raises(ModelUnavailable) as refused:
        loading.folder_of(replace(tiny.ROW, source="nowhere"))
    assert str(Path(__file__).parents[2]) not in str(refused.value)


def test_half_precision_files_under_their_own_name_are_found(copy: Path) -> None:
    tiny.pipeline(tiny.parts()).to(dtype=torch.float16).save_pretrained(tmp := copy.with_name("half"), variant="fp16")
    assert not list(tmp.rglob("model.safetensors"))
    assert loading.load(tiny.ROW, tiny.CPU, tmp).unet.dtype == torch.float32


def test_weights_under_the_names_of_older_libraries_are_the_same_weights(copy: Path) -> None:
    """Stable Diffusion 1.5's own files were written by these."""
    renamed(copy / "text_encoder" / "model.safetensors", lambda name: f"text_model.{name}")
    old = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    renamed(copy / "vae" / "diffusion_pytorch_model.safetensors", lambda name: swapped(name, old))
    loaded, saved = loading.load(tiny.ROW, tiny.CPU, copy), tiny.parts()
    for one, other in ((loaded.text_encoder, saved.text_encoder), (loaded.vae, saved.vae)):
        weights = other.state_dict()
        assert all(torch.equal(weight, weights[name]) for name, weight in one.state_dict().items())


def test_the_repositorys_own_prediction_type_counts_and_the_rows_where_it_has_none(copy: Path) -> None:
    row = replace(tiny.ROW, prediction_type="epsilon")
    assert loading.load(row, tiny.CPU, copy).scheduler_config["prediction_type"] == "v_prediction"
    path = copy / "scheduler" / "scheduler_config.json"
    config = json.loads(path.read_bytes())
    del config["prediction_type"]
    path.write_text(json.dumps(config))
    assert loading.load(row, tiny.CPU, copy).scheduler_config["prediction_type"] == "epsilon"


# Low memory

LOW = replace(tiny.CPU, low_memory=True)
TASK = TextToImage(prompt="girl", steps=3, seed=7, count=3)


def test_with_low_memory_a_batch_is_decoded_picture_by_picture(model_folder: Path) -> None:
    decoded = []
    parts = loading.load(tiny.ROW, LOW, model_folder)
    parts.vae.decoder.register_forward_hook(lambda module, seen, _: decoded.append(len(seen[0])))
    Studio(tiny.ROW, lambda _: parts).pictures(TASK)
    assert decoded == [1, 1, 1]


def test_low_memory_changes_no_picture_by_more_than_two_grey_levels(model_folder: Path) -> None:
    usual, low = (
        Studio(tiny.ROW, lambda _, place=place: loading.load(tiny.ROW, place, model_folder)).pictures(TASK)
        for place in (tiny.CPU, LOW)
    )
    for one, other in zip(usual, low, strict=True):
        extrema = ImageChops.difference(one.image, other.image).getextrema()
        assert max(high for _, high in extrema) <= 2


def test_with_low_memory_each_network_waits_for_its_turn(tmp_path: Path) -> None:
    tiny.pipeline(tiny.parts_with_controlnet(tmp_path)).save_pretrained(tmp_path)
    parts = loading.load(tiny.CONTROLLED, LOW, tmp_path)
    assert parts.offload is not None
    assert parts.offload.stages == {parts.vae: "pixels", parts.text_encoder: "words", parts.unet: "steps"}
    network = controlnet.load(parts)
    assert parts.offload.stages[network] == "steps"


def test_without_it_nothing_waits(model_folder: Path) -> None:
    assert loading.load(tiny.ROW, tiny.CPU, model_folder).offload is None


def renamed(path: Path, name: Callable[[str], str]) -> None:
    save_file({name(old): weight for old, weight in load_file(path).items()}, path)


def swapped(name: str, parts: dict[str, str]) -> str:
    for new, old in parts.items():
        name = name.replace(f".{new}.", f".{old}.")
    return name
