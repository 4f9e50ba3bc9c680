"""What many tests share: a tiny model and a Hub of our own, fresh for each test. Who asks for none loads no torch."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from animegen.models.cache import Source
    from animegen.models.loading import Parts
    from tests.hub.server import Hub

# huggingface_hub reads these when it is imported: our Hub speaks no Xet, and must not be told this machine's token.
# onnxruntime, which a test may import before animegen does, would report to Microsoft.
os.environ.update(HF_HUB_DISABLE_XET="1", HF_TOKEN_PATH=os.devnull, ORT_DISABLE_TELEMETRY="1")


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` is the embedded model, also on a machine with a GPU; who tests the choice says what is there."""
    monkeypatch.setattr("animegen.models.choosing.DRIVER", "no driver at all")


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
