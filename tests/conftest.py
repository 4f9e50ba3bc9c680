"""What many tests share: a tiny model and a Hub of our own, fresh for each test. Who asks for none loads no torch."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from animegen.lora_files import Offers
    from animegen.models.cache import Source
    from animegen.models.loading import Parts
    from animegen.studio import Studio
    from tests.hub.server import Hub

# huggingface_hub reads these when it is imported: our Hub speaks no Xet, and must not be told this machine's token.
# onnxruntime, which a test may import before animegen does, would report to Microsoft.
os.environ.update(HF_HUB_DISABLE_XET="1", HF_TOKEN_PATH=os.devnull, ORT_DISABLE_TELEMETRY="1")


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` is the embedded model, also on a machine with a GPU; who tests the choice says what is there."""
    monkeypatch.setattr("animegen.models.selection.DRIVER", "no driver at all")


@pytest.fixture
def parts() -> "Parts":
    from tests import tiny

    return tiny.parts()


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model saved as diffusers saves one; tests that damage it copy it first."""
    from tests import tiny

    folder = tmp_path_factory.mktemp("tiny")
    tiny.pipeline(tiny.parts()).save_pretrained(folder, max_shard_size="9MB")
    return folder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Hub]":
    """A Hub on the loopback that holds nothing yet; its client is nobody yet."""
    from huggingface_hub import close_session

    from tests.hub.server import serving

    monkeypatch.delenv("HF_TOKEN", raising=False)
    with serving() as served:
        yield served
        close_session()


@pytest.fixture
def source(hub: "Hub", tmp_path: Path) -> "Source":
    """That Hub, a cache that is empty, and no lock; nobody waits between tries."""
    from animegen.models.cache import Source

    return Source(endpoint=hub.url, cache=tmp_path / "hub", lock=tmp_path / "models.lock.json", pauses=(0, 0))


@pytest.fixture
def sd15_hub(hub: "Hub") -> "Hub":
    """That Hub with a tiny model shaped as Stable Diffusion 1.5, its LCM-LoRA, its ControlNet and its small decoder."""
    from tests.hub import models

    return models.publish(hub)


@pytest.fixture
def sd15_offers(tmp_path: Path) -> "Offers":
    """A LoRA for that model, ``ink``, which lies on every layer, as the LCM-LoRA does on most of them."""
    from animegen.lora_files import Offers, write_kohya
    from tests.hub import models
    from tests.lora_files.making import adapter, places

    base, folder = models.sd15_base(), tmp_path / "loras"
    folder.mkdir()
    write_kohya(adapter(base, places(base), rank=2, alpha=0.1), folder / "ink.safetensors")
    return Offers([folder], [base])


@pytest.fixture
def fresh_sd15(sd15_hub: "Hub", source: "Source", sd15_offers: "Offers") -> "Callable[[], Studio]":
    """What opens a studio of that model whose parts were just loaded from their files."""
    from animegen.models import loading
    from animegen.studio import Studio
    from tests import tiny
    from tests.hub.models import ROW

    def load(*_: object) -> "Parts":
        return loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source), source)

    return lambda: Studio(ROW, load, offers=sd15_offers)


@pytest.fixture
def sd15_studio(fresh_sd15: "Callable[[], Studio]") -> "Studio":
    return fresh_sd15()
