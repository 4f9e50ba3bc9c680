"""Models of the table whose repositories hold pickles: rewritten as safetensors, and nothing in them is executed."""

import pickle
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import torch
from safetensors.torch import load_file

from animegen.errors import ModelUnavailable
from animegen.models import controlnet, loading
from animegen.models.cache import Source
from animegen.models.download import repositories
from tests import tiny
from tests.hub.server import Hub

ROW = replace(tiny.CONTROLLED, source="owner/old", embedded=False, controlnet="owner/lines", pickle=True)


class Hostile:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> object:
        return Path.touch, (self.path,)


def pickled(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder as an old repository has them."""
    for path in folder.rglob("*.safetensors"):
        name = "pytorch_model.bin" if path.name == "model.safetensors" else f"{path.stem}.bin"
        torch.save(load_file(path), path.with_name(name))
        path.unlink()
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def model(tmp_path: Path) -> dict[str, bytes]:
    tiny.pipeline(tiny.parts()).save_pretrained(tmp_path / "model")
    return pickled(tmp_path / "model")


@pytest.fixture
def old(hub: Hub, model: dict[str, bytes], tmp_path: Path) -> Hub:
    """A Hub that holds the tiny model and its ControlNet as pickles."""
    tiny.parts_with_controlnet(tmp_path / "tiny")
    hub.publish(ROW.source, model)
    hub.publish(ROW.controlnet, pickled(tmp_path / "tiny" / "controlnet"))
    return hub


def test_a_pickled_model_has_the_weights_that_were_pickled(old: Hub, source: Source) -> None:
    loaded, saved = loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source)), tiny.parts()
    for one, other in ((loaded.unet, saved.unet), (loaded.vae, saved.vae), (loaded.text_encoder, saved.text_encoder)):
        weights = other.state_dict()
        assert all(torch.equal(weight, weights[name]) for name, weight in one.state_dict().items())


def test_it_is_rewritten_once_and_that_is_logged(old: Hub, source: Source, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "animegen")
    folder = loading.folder_of(ROW, source=source)
    assert "saved as safetensors" in caplog.messages[-1]
    caplog.clear()
    assert not list(folder.rglob("*.bin"))
    assert loading.folder_of(ROW, source=source) == folder
    assert not caplog.messages


def test_its_controlnet_may_be_a_pickle_too(old: Hub, source: Source) -> None:
    parts = loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source), source)
    assert controlnet.load(parts).dtype == torch.float32


def test_pulling_it_asks_for_what_loading_it_needs(old: Hub) -> None:
    needed = dict(repositories(ROW))
    assert "unet/diffusion_pytorch_model.bin" in needed[ROW.source]
    assert needed[ROW.controlnet] == ("config.json", "diffusion_pytorch_model.bin")


def test_a_pickle_that_wants_more_than_numbers_is_refused_and_not_executed(
    hub: Hub, model: dict[str, bytes], source: Source, tmp_path: Path
) -> None:
    hostile = {"vae/diffusion_pytorch_model.bin": pickle.dumps(Hostile(tmp_path / "done"), protocol=2)}
    hub.publish(ROW.source, model | hostile)
    with pytest.raises(ModelUnavailable, match=r"A pickle of tiny \(random\) is damaged or holds more than weights"):
        loading.folder_of(ROW, source=source)
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("content", [b"", b"\x80\x02}q", b"no pickle"], ids=["empty", "cut short", "text"])
def test_a_damaged_pickle_is_refused_in_a_sentence(
    hub: Hub, model: dict[str, bytes], source: Source, content: bytes
) -> None:
    hub.publish(ROW.source, model | {"unet/diffusion_pytorch_model.bin": content})
    with pytest.raises(ModelUnavailable, match="is damaged or holds more than weights"):
        loading.folder_of(ROW, source=source)


NUMBERS = torch.arange(3.0)
HOLDINGS: dict[str, Any] = {
    "a table in a table": {"state_dict": {"a": NUMBERS}},
    "a list": [NUMBERS],
    "a name that is a number": {1: NUMBERS},
    "NaN": {"a": NUMBERS.log().sqrt()},
    "infinity": {"a": 1 / NUMBERS},
    "a number that stands for ten billion": {"a": torch.zeros(1).expand(10**5, 10**5)},
    "numbers that are not there": {"a": torch.zeros(3, device="meta")},
    "a sparse table": {"a": torch.eye(3).to_sparse()},
    "complex numbers": {"a": torch.zeros(3, dtype=torch.complex64)},
}


@pytest.mark.filterwarnings("ignore:Sparse invariant checks:UserWarning")
@pytest.mark.parametrize("holding", HOLDINGS.values(), ids=HOLDINGS)
def test_a_pickle_of_anything_but_plain_numbers_is_refused_and_leaves_nothing(
    hub: Hub, model: dict[str, bytes], source: Source, tmp_path: Path, holding: Any
) -> None:
    torch.save(holding, tmp_path / "odd.bin")
    hub.publish(ROW.source, model | {"unet/diffusion_pytorch_model.bin": (tmp_path / "odd.bin").read_bytes()})
    with pytest.raises(ModelUnavailable, match="is damaged or holds more than weights"):
        loading.folder_of(ROW, source=source)
    assert not list(source.rewritten.rglob("*.*"))


def test_a_pickle_that_unpacks_to_more_than_it_is_is_refused(hub: Hub, model: dict[str, bytes], source: Source) -> None:
    plain, packed = BytesIO(), BytesIO()
    torch.save({"a": torch.zeros(1_000_000)}, plain)
    with ZipFile(plain) as whole, ZipFile(packed, "w", ZIP_DEFLATED) as bomb:
        for name in whole.namelist():
            bomb.writestr(name, whole.read(name))
    hub.publish(ROW.source, model | {"unet/diffusion_pytorch_model.bin": packed.getvalue()})
    with pytest.raises(ModelUnavailable, match="is damaged or holds more than weights"):
        loading.folder_of(ROW, source=source)


def test_a_row_without_the_mark_reads_no_pickle(old: Hub, source: Source) -> None:
    with pytest.raises(ModelUnavailable, match="pickled weights are never loaded"):
        loading.folder_of(replace(ROW, pickle=False), source=source)
