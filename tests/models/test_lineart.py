"""The detector of line art and its ControlNet, from a loopback Hub; its pickle is read as tensors and nothing else."""

import io
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from animegen.errors import ModelUnavailable
from animegen.models import controlnet, lineart
from animegen.models.cache import Source
from animegen.models.lineart import FILE, REPOSITORY
from animegen.models.loading import Parts
from animegen.pictures.detectors import package
from animegen.pictures.edges import LINEART
from tests import tiny
from tests.hub.models import controlnet as tiny_controlnet
from tests.hub.server import Hub
from tests.lora_files.making import Trap


def saved(content: Any) -> dict[str, bytes]:
    """Return a repository of the detector with this in its pickle."""
    data = io.BytesIO()
    torch.save(content, data)
    return {FILE: data.getvalue(), "README.md": b"# Annotators\n"}


def tiny_network(width: int = 2) -> nn.Module:
    """Return the detector's U-Net with few channels and random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        norm = partial(nn.InstanceNorm2d, affine=False, track_running_stats=False)
        return package().lineart_anime.UnetGenerator(3, 1, 8, width, norm_layer=norm).eval()


@pytest.fixture
def parts(source: Source) -> Parts:
    return replace(tiny.parts(), source=source, row=replace(tiny.ROW, embedded=False, lineart_controlnet="owner/lines"))


def picture(size: tuple[int, int]) -> Image.Image:
    spots = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(spots).resize(size, Image.Resampling.BICUBIC)


@pytest.mark.parametrize("prefix", ["", "module."])
def test_its_map_is_what_controlnet_aux_makes_of_the_same_weights(
    hub: Hub, source: Source, parts: Parts, prefix: str
) -> None:
    network = tiny_network()
    hub.publish(REPOSITORY, saved({prefix + name: weight for name, weight in network.state_dict().items()}))
    theirs = package().LineartAnimeDetector(network)(picture((128, 64)), detect_resolution=64, image_resolution=64)
    assert lineart.load(parts)(picture((128, 64))).tobytes() == theirs.convert("L").tobytes()


def test_a_map_has_the_size_of_its_picture(hub: Hub, parts: Parts) -> None:
    hub.publish(REPOSITORY, saved(tiny_network().state_dict()))
    found = lineart.load(parts)(picture((96, 70)))
    assert (found.mode, found.size) == ("L", (96, 70))


def test_once_its_weights_are_cached_nobody_is_asked(hub: Hub, parts: Parts) -> None:
    hub.publish(REPOSITORY, saved(tiny_network().state_dict()))
    lineart.load(parts)
    hub.log.clear()
    lineart.load(parts)
    assert hub.log == []


@pytest.mark.parametrize("content", [Trap(), {"model.model.0.weight": Trap()}, [1]], ids=["trap", "hidden", "list"])
def test_a_pickle_that_holds_more_than_tensors_is_refused_and_not_executed(
    hub: Hub, parts: Parts, content: object
) -> None:
    hub.publish(REPOSITORY, saved(content))
    with pytest.raises(ModelUnavailable, match="holds more than weights"):
        lineart.load(parts)


@pytest.mark.parametrize("weights", [{}, {"model.model.0.weight": torch.zeros(2, 3, 4, 4)}], ids=["none", "few"])
def test_weights_that_are_not_its_own_are_refused(hub: Hub, parts: Parts, weights: dict[str, torch.Tensor]) -> None:
    hub.publish(REPOSITORY, saved(weights))
    with pytest.raises(ModelUnavailable, match="line art detector lllyasviel/Annotators is incomplete or damaged"):
        lineart.load(parts)


def test_its_controlnet_comes_from_the_repository_of_the_row(hub: Hub, parts: Parts) -> None:
    hub.publish("owner/lines", tiny_controlnet())
    assert controlnet.load(parts, LINEART).dtype == parts.unet.dtype
    assert [line for line in hub.asked() if "owner/lines" in line]


def test_a_model_without_one_says_so(parts: Parts) -> None:
    with pytest.raises(ModelUnavailable, match="has no ControlNet for line art"):
        controlnet.load(replace(parts, row=tiny.CONTROLLED), LINEART)
