"""A LoRA begun with an earlier one's file: taken over as it draws, or refused with both shapes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from animegen.errors import AdapterRefused
from animegen.lora_files import base_of, write_kohya
from animegen.lora_files.bases import Base
from animegen.training import targets
from animegen.training.dropout import Masks
from animegen.training.tuners import inject
from tests.lora_files.making import adapter
from tests.training.networks import networks, settings, tuned


@pytest.fixture(scope="module")
def base() -> Base:
    into = networks()
    return base_of("tiny", "tiny", into["unet"].config, into["text_encoder"].config.to_dict())


@pytest.fixture
def file(base: Base, tmp_path: Path) -> Path:
    places = [("unet", path) for path in targets.layers("kohya", base.layers["unet"])]
    path = tmp_path / "earlier.safetensors"
    write_kohya(adapter(base, places, rank=4, alpha=3.0), path)
    return path


@pytest.mark.parametrize("method", ["lora", "rslora", "dora"])
def test_a_network_begins_with_what_the_file_adds_whatever_its_alpha(base: Base, file: Path, method: str) -> None:
    earlier = adapter(base, [("unet", path) for path in targets.layers("kohya", base.layers["unet"])], alpha=3.0)
    begun = tuned(method=method, alpha=8, targets="kohya", init_from=file)
    for module in earlier.modules:
        added = begun.layers[module.path].get_delta_weight("default").detach()
        np.testing.assert_allclose(added, module.delta(), rtol=1e-4, atol=1e-5)


def test_a_dora_begins_with_the_norms_of_what_the_file_makes_of_the_base(file: Path) -> None:
    begun = tuned(method="dora", targets="kohya", init_from=file)
    path, layer = next(iter(begun.layers.items()))
    whole = begun.original(path) + layer.get_delta_weight("default")
    norms = layer.lora_magnitude_vector["default"].weight
    torch.testing.assert_close(norms.flatten(), whole.flatten(1).norm(dim=1))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rank": 8, "targets": "kohya"}, "has rank 4 in .*, the recipe 8"),
        ({"targets": "attention"}, "changes unet.*, which the recipe does not train"),
        ({"targets": "kohya", "parts": ("unet", "text_encoder")}, "lacks text_encoder"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_both(file: Path, fields, words: str) -> None:
    with pytest.raises(AdapterRefused, match=f"earlier.safetensors {words}"):
        inject(networks(), settings(**fields, init_from=file), 0, Masks())
