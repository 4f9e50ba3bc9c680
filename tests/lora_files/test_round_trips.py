"""What is written is read back to the bit, in every format and from each into each."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animegen.lora_files import (
    Adapter,
    Format,
    Module,
    bases,
    inspect,
    read,
    write_diffusers,
    write_kohya,
    write_peft,
)
from animegen.lora_files.weights import open_weights
from tests.lora_files.making import adapter, kohya_targets, module, places, same

CHIBI = bases()["chibi"]


def kohya(made: Adapter, folder: Path) -> Path:
    write_kohya(made, folder / "made.safetensors")
    return folder / "made.safetensors"


def diffusers(made: Adapter, folder: Path) -> Path:
    write_diffusers(made, folder)
    return folder


def peft(made: Adapter, folder: Path) -> Path:
    write_peft(made, folder, "someone/chibi")
    return folder


WRITERS = {Format.KOHYA: kohya, Format.DIFFUSERS: diffusers, Format.PEFT: peft}
every_format = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


@st.composite
def adapters(draw: st.DrawFn) -> Adapter:
    """Any layers of chibi, convolutions and text encoder too, each with a rank, an alpha and a precision of its own."""
    chosen = draw(st.lists(st.sampled_from(places(CHIBI)), min_size=1, max_size=6, unique=True))
    alpha = st.floats(2**-10, 2**10, width=32) | st.integers(1, 128).map(float)
    parts = [
        module(CHIBI, place, draw(st.integers(1, 9)), draw(alpha), draw(st.sampled_from([np.float16, np.float32])))
        for place in sorted(chosen)
    ]
    return Adapter(modules=tuple(parts), bases=("chibi",))


@every_format
@settings(max_examples=25)
@given(made=adapters())
def test_what_is_written_is_read_back_to_the_bit(write: Callable[[Adapter, Path], Path], made: Adapter) -> None:
    with TemporaryDirectory() as folder:
        assert same(read(write(made, Path(folder))), made)


@pytest.mark.parametrize("base", ["sd1", "sd2"])
@every_format
def test_kohyas_full_set_comes_back_to_the_bit(write: Callable[[Adapter, Path], Path], base: str, tmp_path) -> None:
    made = adapter(base, kohya_targets(bases()[base]), rank=1, alpha=0.5, dtype=np.float16)
    back = read(write(made, tmp_path))
    assert same(back, made)
    assert back.bases == (base,)


@pytest.mark.parametrize(("rank", "alpha"), [(1, 1.0), (32, 32.0), (32, 1.0), (4, 16.0), (5, 0.3)])
def test_from_format_to_format_the_differences_stay_equal_to_the_bit(rank: int, alpha: float, tmp_path) -> None:
    made = adapter(rank=rank, alpha=float(np.float32(alpha)))
    step = made
    for number, write in enumerate((kohya, peft, diffusers, kohya)):
        (tmp_path / str(number)).mkdir()
        step = read(write(step, tmp_path / str(number)))
    for before, after in zip(made.modules, step.modules, strict=True):
        np.testing.assert_array_equal(before.delta(), after.delta())


@pytest.mark.parametrize("path", ["attn2.to_k", "proj_in", "resnets.0.conv1", "self_attn.q_proj"])
def test_a_difference_is_alpha_over_rank_times_up_times_down(path: str) -> None:
    (part, at), *_ = [place for place in places(CHIBI) if place[1].endswith(path)]
    made = module(CHIBI, (part, at), rank=4, alpha=2.0)
    out, rank = made.up.shape[:2]
    wanted = 0.5 * np.einsum("or,ri->oi", made.up.reshape(out, rank), made.down.reshape(rank, -1))
    assert made.delta().shape == CHIBI.layers[part][at]
    np.testing.assert_allclose(made.delta().reshape(out, -1), wanted, rtol=1e-5, atol=1e-5)


def test_factors_that_do_not_lie_in_a_row_are_written_as_they_are_seen(tmp_path) -> None:
    straight = adapter().modules[0]
    turned = Module(
        part=straight.part,
        path=straight.path,
        down=np.asfortranarray(straight.down),
        up=np.asfortranarray(straight.up),
        alpha=1.0,
    )
    back = read(kohya(Adapter(modules=(turned,), bases=("chibi",)), tmp_path))
    np.testing.assert_array_equal(back.modules[0].down, straight.down)


def test_a_kohya_file_says_what_it_is_in_strings(tmp_path) -> None:
    made = adapter("sd1", rank=8, alpha=4.0)
    said = {"ss_learning_rate": "0.0001", "modelspec.trigger_phrase": "miku"}
    write_kohya(made, tmp_path / "miku.safetensors", said)
    with open_weights(tmp_path / "miku.safetensors") as weights:
        metadata = weights.metadata
    wanted = {
        "ss_network_module": "networks.lora",
        "ss_network_dim": "8",
        "ss_network_alpha": "4",
        "ss_base_model_version": "sd_v1",
        "ss_v2": "False",
        "ss_output_name": "miku",
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": "stable-diffusion-v1/lora",
        "modelspec.title": "miku",
        **said,
    }
    assert {key: metadata[key] for key in wanted} == wanted


def test_a_kohya_file_carries_the_hash_of_its_own_data(tmp_path) -> None:
    path = kohya(adapter(), tmp_path)
    raw = path.read_bytes()
    data = sha256(raw[8 + int.from_bytes(raw[:8], "little") :]).hexdigest()
    metadata = read(path).metadata
    assert (metadata["sshs_model_hash"], metadata["modelspec.hash_sha256"]) == (data, f"0x{data}")
    assert inspect(path).autov3 == data[:12]


@every_format
def test_a_files_own_words_go_with_it(write: Callable[[Adapter, Path], Path], tmp_path) -> None:
    write_kohya(adapter(), tmp_path / "first.safetensors", {"modelspec.trigger_phrase": "青い髪"})
    (tmp_path / "second").mkdir()
    again = read(write(read(tmp_path / "first.safetensors"), tmp_path / "second"))
    assert again.metadata["modelspec.trigger_phrase"] == "青い髪"


def config(folder: Path) -> Any:
    return json.loads((folder / "adapter_config.json").read_text())


def test_a_peft_config_says_the_commonest_alpha_and_the_others_by_name(tmp_path) -> None:
    at = places(CHIBI)[3:6]
    made = tuple(module(CHIBI, place, alpha=alpha) for place, alpha in zip(at, (8.0, 8.0, 0.5), strict=True))
    peft(Adapter(modules=made, bases=("chibi",)), tmp_path)
    assert (config(tmp_path)["lora_alpha"], config(tmp_path)["alpha_pattern"]) == (8, {at[2][1]: 0.5})
    assert config(tmp_path)["base_model_name_or_path"] == "someone/chibi"
