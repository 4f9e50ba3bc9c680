"""The network that finds a character before any background: got from a Hub of our own, and asked."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from animegen.errors import ModelUnavailable
from animegen.models import lockfile, matting
from animegen.models.cache import Source
from animegen.models.matting import PARTS, REPOSITORY
from animegen.models.table import rows
from tests.hub.server import Hub

pytest.importorskip("onnx", reason="the extra `matting` and its tests are not installed")
from tests import redness


@pytest.fixture
def filled(hub: Hub) -> Hub:
    hub.publish(REPOSITORY, {PARTS[0]: redness.network(), "isnetis.ckpt": b"\x80\x02}q\x00."})
    return hub


@pytest.mark.parametrize("size", [(192, 128), (64, 96), (768, 768)])
def test_alpha_is_where_the_character_is(filled: Hub, source: Source, size: tuple[int, int]) -> None:
    picture, opacity = redness.disc(*size)
    found = matting.load(source).matte(picture)
    assert found is not None
    assert found.dtype == np.float32
    assert np.abs(found - np.asarray(opacity, float) / 255).max() < 0.12


def test_what_is_nearly_sure_is_sure(filled: Hub, source: Source) -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, 32:, 0], pixels[:, :32, 0] = 250, 5
    found = matting.load(source).matte(Image.fromarray(pixels))
    assert found is not None
    assert set(found[0, [0, 63]]) == {0.0, 1.0}


def test_where_nobody_is_found_there_is_no_matte(filled: Hub, source: Source) -> None:
    assert matting.load(source).matte(Image.new("RGB", (64, 64), "navy")) is None


def test_its_download_is_announced_with_its_licence(
    filled: Hub, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "animegen")
    matting.load(source)
    assert "skytnt/anime-seg (Apache-2.0): downloaded 0.0/0.0 GB" in caplog.messages


def test_no_pickle_comes_with_it_and_it_is_locked(filled: Hub, source: Source) -> None:
    matting.load(source)
    assert tuple(lockfile.read(source.lock)[REPOSITORY].files) == PARTS


def test_once_it_is_here_nobody_is_asked(filled: Hub, source: Source) -> None:
    matting.load(source)
    filled.log.clear()
    matting.load(source)
    assert filled.log == []


def test_a_hub_that_lacks_it_is_one_sentence(hub: Hub, source: Source) -> None:
    with pytest.raises(ModelUnavailable, match="no repository skytnt/anime-seg"):
        matting.load(source)


@pytest.mark.parametrize("content", [b"", b"\x80\x02}q\x00.", redness.network()[:40]])
def test_a_file_that_is_no_network_is_one_sentence(hub: Hub, source: Source, content: bytes) -> None:
    hub.publish(REPOSITORY, {PARTS[0]: content})
    with pytest.raises(ModelUnavailable, match="is damaged; run `animegen models pull`"):
        matting.load(source)


def test_a_network_that_fails_at_its_work_is_one_sentence(hub: Hub, source: Source) -> None:
    hub.publish(REPOSITORY, {PARTS[0]: redness.network(side=64)})
    with pytest.raises(ModelUnavailable, match="failed; it needs 1 GB"):
        matting.load(source).matte(redness.disc()[0])


def test_it_serves_every_model_but_the_embedded_one() -> None:
    assert [row.name for row in rows().values() if matting.serves(row)] == ["sd15", "cool-japan"]


def test_without_the_extra_it_serves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert not any(matting.serves(row) for row in rows().values())


@pytest.mark.slow
def test_the_library_reports_to_nobody(filled: Hub, source: Source, tmp_path: Path) -> None:
    matting.fetch(source)
    code = f"""
from pathlib import Path
from animegen.models import matting
from animegen.models.cache import Source
matting.load(Source(cache=Path({str(source.cache)!r}), lock=Path({str(source.lock)!r})))
"""
    silent = {"CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in silent}
    environment["HOME"] = str(tmp_path / "home")
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert not list((tmp_path / "home").rglob("*icrosoft*"))
