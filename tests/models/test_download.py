"""A machine prepared for a model: what is said, what is asked of the Hub, and what the lock says afterwards."""

import sys
from pathlib import Path

import pytest

from animegen.errors import ModelUnavailable
from animegen.messages import Message
from animegen.models import lockfile
from animegen.models.cache import Source
from animegen.models.download import pull, repositories
from animegen.models.files import NETWORK, STABLE_DIFFUSION
from animegen.models.table import rows
from tests.hub.layouts import SD15, base_model, network
from tests.hub.server import Hub

CONFIG, WEIGHTS = "unet/config.json", "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def sd15(hub: Hub) -> Hub:
    hub.publish(SD15, base_model())
    return hub


def pulled(source: Source, *, update: bool = False) -> Message:
    return pull(SD15, STABLE_DIFFUSION, half=False, update=update, report=lambda *_: None, source=source)


def here(source: Source, path: str) -> Path:
    return source.folder(SD15) / "snapshots" / lockfile.read(source.lock)[SD15].revision / path


def test_a_row_names_the_model_its_controlnet_its_lora_and_its_preview_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert list(repositories(rows()["sd15"])) == [
        (SD15, STABLE_DIFFUSION),
        ("lllyasviel/control_v11p_sd15_canny", NETWORK),
        ("lllyasviel/control_v11p_sd15s2_lineart_anime", NETWORK),
        ("lllyasviel/Annotators", ("netG.pth",)),
        ("latent-consistency/lcm-lora-sdv1-5", NETWORK),
        ("madebyollin/taesd", NETWORK),
    ]


def test_where_the_extra_is_installed_what_cuts_out_is_brought_too() -> None:
    pytest.importorskip("onnxruntime", reason="the extra `matting` is not installed")
    assert list(repositories(rows()["sd15"]))[6:] == [("skytnt/anime-seg", ("isnetis.onnx",))]


def test_the_embedded_model_needs_no_download() -> None:
    with pytest.raises(ModelUnavailable, match="needs no download"):
        list(repositories(rows()["chibi"]))


def test_a_pulled_model_is_locked_to_its_revision(sd15: Hub, source: Source) -> None:
    assert dict(pulled(source).values)["revision"] == sd15.repositories[SD15].head.oid[:8]
    assert lockfile.read(source.lock)[SD15].revision == sd15.repositories[SD15].head.oid


def test_a_prepared_machine_is_verified_without_a_request(sd15: Hub, source: Source) -> None:
    pulled(source)
    sd15.log.clear()
    assert pulled(source).id == "models.pulled_already"
    assert sd15.log == []


@pytest.mark.parametrize("path", [CONFIG, WEIGHTS])
def test_a_file_whose_hash_differs_is_named_and_downloaded_anew(sd15: Hub, source: Source, path: str) -> None:
    pulled(source)
    here(source, path).write_bytes(b"something else")
    sd15.log.clear()
    assert f"the hash of {path} differed" in str(pulled(source))
    assert here(source, path).read_bytes() == base_model()[path]
    assert [line for line in sd15.asked() if "/resolve/" in line] == [
        f"GET /{SD15}/resolve/{sd15.repositories[SD15].head.oid}/{path}"
    ]


def test_the_newest_revision_comes_only_when_it_is_asked_for(sd15: Hub, source: Source) -> None:
    pulled(source)
    old = sd15.repositories[SD15].head.oid
    sd15.publish(SD15, {CONFIG: b"newer"})
    pulled(source)
    assert lockfile.read(source.lock)[SD15].revision == old
    pulled(source, update=True)
    assert here(source, CONFIG).read_bytes() == b"newer"
    assert old not in source.lock.read_text()


def test_an_update_brings_only_what_changed(sd15: Hub, source: Source) -> None:
    pulled(source)
    sd15.publish(SD15, {CONFIG: b"newer"})
    sd15.log.clear()
    pulled(source, update=True)
    assert [line.rpartition("/resolve/")[2][41:] for line in sd15.asked() if "/resolve/" in line] == [CONFIG]


def test_a_lock_holds_several_repositories(sd15: Hub, source: Source) -> None:
    sd15.publish("madebyollin/taesd", network())
    pulled(source)
    pull("madebyollin/taesd", NETWORK, half=False, report=lambda *_: None, source=source)
    assert list(lockfile.read(source.lock)) == ["madebyollin/taesd", SD15]


def test_what_was_in_the_cache_before_the_lock_is_verified_and_locked(sd15: Hub, source: Source) -> None:
    pulled(source)
    source.lock.unlink()
    sd15.log.clear()
    pulled(source)
    assert sd15.asked() == [f"GET /api/models/{SD15}/revision/main"]
    assert lockfile.read(source.lock)[SD15].revision == sd15.repositories[SD15].head.oid


@pytest.mark.parametrize("content", ["", "[]", '{"repositories": {"a": {"files": 1}}}', '{"repositories": 1}'])
def test_a_damaged_lock_is_refused_in_a_sentence(source: Source, content: str) -> None:
    source.lock.write_text(content)
    with pytest.raises(ModelUnavailable, match="delete it"):
        lockfile.read(source.lock)
