"""Models that the table does not have: their row is made from their own configs, or they are refused in a sentence."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from animegen.bench.sd15 import sizes
from animegen.errors import ModelUnavailable
from animegen.messages import message
from animegen.models.selection import choose
from animegen.models.table import rows
from animegen.models.unlisted import row_of
from tests import tiny

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def copy(model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder, tmp_path / "my-model"))


def changed(folder: Path, file: str, change: Change) -> Path:
    config = json.loads((folder / file).read_bytes())
    change(config)
    (folder / file).write_text(json.dumps(config))
    return folder


def test_a_row_is_made_from_the_models_own_configs(copy: Path) -> None:
    row = choose(str(copy)).row
    assert (row.name, row.label, row.family, row.licence) == ("my-model", "my-model", "general", "unknown")
    assert (row.native_size, row.min_size, row.max_size, row.size_step) == (64, 32, 128, 16)
    assert (row.token_limit, row.prediction_type, row.decoder_channels) == (75, "v_prediction", 4)


# What it has from the table's model of the same layers


@pytest.fixture
def sd15(copy: Path) -> Path:
    """A folder with the configs of Stable Diffusion 1.5, trained further."""
    for part in ("unet", "text_encoder"):
        changed(copy, f"{part}/config.json", lambda config, part=part: config.update(sizes()[part]))
    changed(copy, "vae/config.json", lambda config: config.update(latent_channels=4))
    return changed(copy, "scheduler/scheduler_config.json", lambda config: config.update(prediction_type="epsilon"))


def test_one_of_stable_diffusion_15s_layers_has_its_lcm_lora_and_its_small_decoder(sd15: Path) -> None:
    row, known = choose(str(sd15)).row, rows()["sd15"]
    assert (row.lora_base, row.lcm_lora, row.taesd) == ("sd1", known.lcm_lora, known.taesd)
    assert row.preset("fast").sampler == "LCM"
    assert row.parameters["taesd"] == known.parameters["taesd"]
    assert row.lazy_parameters == {"lcm_lora": known.lazy_parameters["lcm_lora"]}


def test_one_that_predicts_otherwise_has_no_lcm_lora(sd15: Path) -> None:
    changed(sd15, "scheduler/scheduler_config.json", lambda config: config.update(prediction_type="v_prediction"))
    row = choose(str(sd15)).row
    assert (row.lcm_lora, row.lazy_parameters) == (None, {})
    assert row.taesd


def test_one_with_a_safety_checker_has_its_memory_counted(sd15: Path) -> None:
    changed(sd15, "model_index.json", lambda index: index.update(safety_checker=["stable_diffusion", "Checker"]))
    assert choose(str(sd15)).row.lazy_parameters["safety_checker"] == rows()["sd15"].lazy_parameters["safety_checker"]


def test_one_of_other_layers_has_nothing_of_all_this(copy: Path) -> None:
    row = choose(str(copy)).row
    assert (row.lora_base, row.lcm_lora, row.taesd, row.lazy_parameters) == ("", None, "", {})


def test_the_parameters_are_counted_from_the_headers_of_the_files(copy: Path) -> None:
    parts = tiny.parts()
    assert row_of(copy, "my-model", local=True).parameters == {
        name: sum(weight.numel() for weight in getattr(parts, name).state_dict().values())
        for name in ("unet", "vae", "text_encoder")
    }


def test_a_larger_unet_and_autoencoder_make_larger_pictures(copy: Path) -> None:
    changed(copy, "unet/config.json", lambda config: config.update(sample_size=96, block_out_channels=[8] * 4))
    row = row_of(copy, "my-model", local=True)
    assert (row.native_size, row.min_size, row.max_size, row.size_step) == (768, 384, 1536, 64)


def test_a_folder_is_called_by_its_name_and_no_path_is_told(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy)
    choice = choose(".")
    assert choice.reason == message("models.chosen_by_setting", model="my-model")
    assert choice.row.origin == "my-model"


def test_half_precision_files_count_only_where_there_are_no_others(copy: Path) -> None:
    whole = row_of(copy, "my-model", local=True).parameters
    for path in copy.rglob("*.safetensors"):
        shutil.copy(path, path.with_suffix(".fp16.safetensors"))
    assert row_of(copy, "my-model", local=True).parameters == whole
    for path in copy.rglob("*.safetensors"):
        if ".fp16" not in path.name:
            path.unlink()
    assert row_of(copy, "my-model", local=True).parameters == whole


@pytest.mark.parametrize(
    ("file", "change", "why"),
    [
        ("model_index.json", lambda index: index.update(text_encoder_2=["a", "b"]), "it has a second text encoder"),
        ("model_index.json", lambda index: index.pop("unet"), "its unet is of another class"),
        ("model_index.json", lambda index: index.update(vae=["my_vae", "Mine"]), "its vae is of another class"),
        ("unet/config.json", lambda unet: unet.update(in_channels=9), "its UNet takes more than latents"),
        (
            "unet/config.json",
            lambda unet: unet.update(cross_attention_dim=32),
            "the widths of its UNet",
        ),
    ],
)
def test_what_is_no_stable_diffusion_is_refused_with_the_reason(
    copy: Path, file: str, change: Change, why: str
) -> None:
    with pytest.raises(ModelUnavailable, match=rf"my-model is not a Stable Diffusion 1\.x/2\.x model \({why}"):
        choose(str(changed(copy, file, change)))


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_damaged_config_is_refused_in_a_sentence(copy: Path, text: str) -> None:
    (copy / "unet" / "config.json").write_text(text)
    with pytest.raises(ModelUnavailable, match="A config of my-model is incomplete"):
        choose(str(copy))


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"Missing model_index\.json: .* is not a Stable Diffusion"):
        choose(str(tmp_path))


def test_a_model_without_safetensors_is_refused(copy: Path) -> None:
    (path,) = (copy / "vae").glob("*.safetensors")
    path.rename(path.with_suffix(".bin"))
    with pytest.raises(ModelUnavailable, match="has no safetensors for its vae"):
        choose(str(copy))


def test_a_damaged_file_of_weights_is_refused(copy: Path) -> None:
    (path,) = (copy / "unet").glob("*.safetensors")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        choose(str(copy))
