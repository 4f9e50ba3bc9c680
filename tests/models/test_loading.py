import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from animegen.errors import ModelUnavailable
from animegen.models import loading
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


@pytest.mark.parametrize("part", ["vae", "tokenizer", "scheduler"])
def test_a_missing_part_is_refused_in_a_sentence(copy: Path, part: str) -> None:
    shutil.rmtree(copy / part)
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        loading.load(tiny.ROW, tiny.CPU, copy)


def test_a_missing_folder_names_no_path_of_the_machine() -> None:
    with pytest.raises(ModelUnavailable) as refused:
        loading.folder_of(replace(tiny.ROW, source="nowhere"))
    assert str(Path(__file__).parents[2]) not in str(refused.value)
