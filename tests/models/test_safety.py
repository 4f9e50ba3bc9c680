"""The safety checker: read from beside a model, whole, in a batch, and like the one that it was made after."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import CLIPImageProcessor

from animegen.errors import ModelUnavailable
from animegen.models import safety
from animegen.models.cache import Source
from animegen.models.files import STABLE_DIFFUSION
from animegen.models.hub import snapshot
from tests import tiny
from tests.hub.layouts import SD15
from tests.hub.models import sd15
from tests.hub.server import Hub

RNG = np.random.default_rng(0)
PICTURES = [Image.fromarray(RNG.integers(0, 255, (40, 40, 3), dtype=np.uint8)) for _ in range(6)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.safety_checker(tmp_path, threshold=0.65)


def test_a_batch_is_flagged_as_the_original_would_flag_it(folder: Path) -> None:
    network = StableDiffusionSafetyChecker.from_pretrained(folder / safety.FOLDER)
    pixels = CLIPImageProcessor.from_pretrained(folder / safety.PROCESSOR)(PICTURES, return_tensors="pt").pixel_values
    _, expected = network(pixels, [np.zeros(1)] * len(PICTURES))
    assert safety.load(tiny.parts(folder)).flags(PICTURES) == expected
    assert len(set(expected)) == 2


@pytest.mark.parametrize(("threshold", "flagged"), [(-2.0, True), (2.0, False)])
def test_the_thresholds_decide(threshold: float, flagged: bool, tmp_path: Path) -> None:
    checker = safety.load(tiny.parts(tiny.safety_checker(tmp_path, threshold=threshold)))
    assert checker.flags(PICTURES) == [flagged] * len(PICTURES)


def test_a_cut_out_picture_is_checked_too(folder: Path) -> None:
    assert len(safety.load(tiny.parts(folder)).flags([PICTURES[0].convert("RGBA")])) == 1


def test_a_model_without_a_checker_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="ANIMEGEN_PUBLIC=0"):
        safety.load(tiny.parts(tmp_path))


def test_a_checker_that_lacks_weights_is_refused(folder: Path) -> None:
    path = folder / safety.FOLDER / "model.safetensors"
    weights = load_file(path)
    del weights["visual_projection.weight"]
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        safety.load(tiny.parts(folder))


def test_a_checker_with_a_value_that_is_no_number_is_refused(folder: Path) -> None:
    path = folder / safety.FOLDER / "model.safetensors"
    weights = load_file(path)
    weights["visual_projection.weight"][0] = float("nan")
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(ModelUnavailable, match="incomplete or damaged"):
        safety.load(tiny.parts(folder))


def test_a_picture_that_cannot_be_compared_does_not_pass(folder: Path) -> None:
    checker = safety.load(tiny.parts(folder))
    checker._network.visual_projection.weight.data.fill_(float("nan"))
    assert checker.flags(PICTURES) == [True] * len(PICTURES)


def test_a_checker_under_older_names_of_its_weights_is_the_same(folder: Path) -> None:
    known = safety.load(tiny.parts(folder)).flags(PICTURES)
    path = folder / safety.FOLDER / "model.safetensors"
    older = {
        name.replace("vision_model.", "vision_model.vision_model.", 1): each for name, each in load_file(path).items()
    }
    save_file(older, path, metadata={"format": "pt"})
    assert safety.load(tiny.parts(folder)).flags(PICTURES) == known


def test_the_whole_batch_goes_through_the_network_together(folder: Path) -> None:
    checker = safety.load(tiny.parts(folder))
    sizes: list[int] = []
    checker._network.vision_model.register_forward_hook(lambda _, inputs, __: sizes.append(len(inputs[0])))
    checker.flags(PICTURES)
    assert sizes == [len(PICTURES)]


@pytest.fixture(autouse=True)
def _steady() -> None:
    torch.manual_seed(0)


def test_the_checker_of_a_hub_model_is_downloaded_when_it_is_needed(hub: Hub, source: Source) -> None:
    hub.publish(SD15, sd15())
    row = replace(tiny.ROW, embedded=False, source=SD15)
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    assert not (folder / safety.FOLDER).exists()
    parts = replace(tiny.parts(folder), row=row, source=source)
    assert len(safety.load(parts).flags(PICTURES)) == len(PICTURES)
    asked = len(hub.log)
    safety.load(parts)
    assert len(hub.log) == asked
