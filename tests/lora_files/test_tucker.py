"""LyCORIS' convolutions with a core between their factors are plain ones once the core is multiplied in."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, inspect, read
from tests.lora_files.making import refused

CONVOLUTION = "down_blocks.1.resnets.0.conv1"
NAME = f"lora_unet_{CONVOLUTION.replace('.', '_')}"


def decomposed(rank: int = 4, dtype: Any = np.float32, **changes: Any) -> dict[str, Any]:
    """What LyCORIS writes of a convolution of three pixels: a core between two factors of one pixel."""
    draw = np.random.default_rng(0).standard_normal
    shapes = {"down": (rank, 320, 1, 1), "mid": (rank, rank, 3, 3), "up": (640, rank, 1, 1)} | changes
    made = {f"{NAME}.lora_{role}.weight": draw(shape).astype(dtype) for role, shape in shapes.items() if shape}
    return made | {f"{NAME}.alpha": np.array(2.0, dtype)}


def saved(folder: Path, tensors: dict[str, Any]) -> Path:
    save_file(tensors, folder / "miku.safetensors")
    return folder / "miku.safetensors"


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_what_is_added_is_the_product_of_all_three_factors(dtype: Any, tmp_path) -> None:
    tensors = decomposed(dtype=dtype)
    (found,) = read(saved(tmp_path, tensors)).modules
    up, core, down = (tensors[f"{NAME}.lora_{role}.weight"].astype(np.float64) for role in ("up", "mid", "down"))
    wanted = 2.0 / 4 * np.einsum("or,rsxy,si->oixy", up[:, :, 0, 0], core, down[:, :, 0, 0])
    assert (found.path, found.rank, found.alpha, found.shape) == (CONVOLUTION, 4, 2.0, (640, 320, 3, 3))
    np.testing.assert_allclose(found.delta(), wanted, rtol=1e-4, atol=1e-4)


def test_it_is_one_lora_with_the_plain_modules_beside_it(tmp_path) -> None:
    other = NAME.replace("conv1", "time_emb_proj")
    plain = {f"{other}.lora_down.weight": np.ones((4, 1280), "f4"), f"{other}.lora_up.weight": np.ones((640, 4), "f4")}
    path = saved(tmp_path, decomposed() | plain)
    found: Adapter = read(path)
    assert [each.convolution for each in found.modules] == [True, False]
    assert (inspect(path).unet_modules, inspect(path).convolutions) == (2, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mid": (4, 3, 3, 3)}, "do not fit together"),
        ({"mid": (3, 4, 3, 3)}, "do not fit together"),
        ({"mid": (4, 4, 3)}, "do not fit together"),
        ({"mid": (4, 4)}, "do not fit together"),
        ({"mid": (4, 4, 0, 0)}, "of another model"),
        ({"mid": (4, 4, 5, 5)}, "of another model"),
        ({"down": (4, 320, 3, 3)}, "do not fit together"),
        ({"down": (4, 320)}, "do not fit together"),
        ({"up": (640, 3, 1, 1)}, "do not fit together"),
        ({"down": None}, "only a part"),
        ({"up": None}, "only a part"),
    ],
    ids=str,
)
def test_three_factors_that_do_not_fit_are_refused(changes: dict[str, Any], words: str, tmp_path) -> None:
    assert words in refused(saved(tmp_path, decomposed(**changes)))


@pytest.mark.parametrize(
    ("core", "words"),
    [
        (np.full((4, 4, 3, 3), np.nan, np.float32), "NaN or infinite"),
        (np.full((4, 4, 3, 3), 3e38, np.float32), "not finite"),
        (np.ones((4, 4, 3, 3), np.int32), "type I32"),
    ],
    ids=["NaN", "too large together", "whole numbers"],
)
def test_a_core_that_makes_no_numbers_is_refused(core: Any, words: str, tmp_path) -> None:
    assert words in refused(saved(tmp_path, decomposed() | {f"{NAME}.lora_mid.weight": core}))


def test_a_core_on_a_layer_without_pixels_is_refused(tmp_path) -> None:
    tensors = {key.replace("conv1", "time_emb_proj"): value for key, value in decomposed().items()}
    assert "of another model" in refused(saved(tmp_path, tensors))


def test_a_lora_of_another_model_is_refused_by_the_shape_of_its_core(tmp_path) -> None:
    with pytest.raises(AdapterRefused, match="of another model"):
        read(saved(tmp_path, decomposed(up=(320, 4, 1, 1))))
