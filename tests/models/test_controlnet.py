"""The ControlNet beside a model's parts: found, of this very UNet, whole; each other case is a sentence."""

from pathlib import Path

import pytest
import torch

from animegen.errors import ModelUnavailable
from animegen.models import controlnet
from animegen.models.controlnet import FOLDER
from animegen.models.loading import Parts
from tests import tiny


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return tiny.parts_with_controlnet(tmp_path)


def test_it_is_frozen_and_placed_as_the_parts_are(parts: Parts) -> None:
    network = controlnet.load(parts)
    assert (network.dtype, network.device.type) == (parts.unet.dtype, parts.unet.device.type)
    assert not network.training
    assert not any(weight.requires_grad for weight in network.parameters())


def test_a_model_without_one_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"tiny \(random\) has no ControlNet"):
        controlnet.load(tiny.parts(tmp_path))


def test_one_of_another_unet_is_refused(parts: Parts) -> None:
    with torch.no_grad():
        parts.unet.conv_out.weight.mul_(1.01)
    parts.unet.save_pretrained(parts.folder / "unet")
    with pytest.raises(ModelUnavailable, match="was trained on other weights"):
        controlnet.load(parts)


def test_one_that_nobody_recorded_the_base_of_is_refused(parts: Parts) -> None:
    (parts.folder / "record.json").unlink()
    with pytest.raises(ModelUnavailable, match="was trained on other weights"):
        controlnet.load(parts)


def test_a_damaged_one_is_refused(parts: Parts) -> None:
    (path,) = (parts.folder / FOLDER).glob("*.safetensors")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        controlnet.load(parts)


def test_the_hash_of_a_model_is_that_of_what_draws_from_words(parts: Parts) -> None:
    whole = controlnet.weights_hash(parts.folder)
    (path,) = (parts.folder / FOLDER).glob("*.safetensors")
    path.unlink()
    assert controlnet.weights_hash(parts.folder) == whole
    (path,) = (parts.folder / "unet").glob("*.safetensors")
    path.unlink()
    assert controlnet.weights_hash(parts.folder) != whole
