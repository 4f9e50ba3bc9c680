"""Models that come from a Hub, here one on the loopback: chosen, downloaded, loaded, and drawn with."""

from dataclasses import replace
from pathlib import Path

import pytest

from animegen.errors import ModelUnavailable
from animegen.models import controlnet, loading, selection
from animegen.models.cache import Source
from animegen.models.loading import Parts
from animegen.models.table import rows
from animegen.settings import Settings
from animegen.studio import Studio
from animegen.tasks import TextToImage
from tests import tiny
from tests.hub.server import Hub

SD15 = rows()["sd15"]
ROW = replace(tiny.CONTROLLED, source="owner/model", embedded=False, controlnet="owner/lines")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def filled(hub: Hub, model_folder: Path, tmp_path: Path) -> Hub:
    """A Hub that holds the tiny model under two names, and its ControlNet."""
    tiny.parts_with_controlnet(tmp_path / "tiny")
    hub.publish(ROW.source, files(model_folder))
    hub.publish(SD15.source, files(model_folder))
    hub.publish(ROW.controlnet, files(tmp_path / "tiny" / "controlnet"))
    return hub


@pytest.fixture
def loaded(filled: Hub, source: Source) -> Parts:
    return loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source), source)


def test_a_model_from_the_hub_draws_what_it_draws_from_a_folder(loaded: Parts, model_folder: Path) -> None:
    task, near = TextToImage(prompt="girl", steps=2, seed=1), loading.load(tiny.ROW, tiny.CPU, model_folder)
    (one,), (other,) = (Studio(ROW, lambda _, it=it: it).pictures(task) for it in (loaded, near))
    assert one.image.tobytes() == other.image.tobytes()


def test_what_is_here_is_loaded_without_asking_anybody(filled: Hub, loaded: Parts, source: Source) -> None:
    filled.log.clear()
    assert loading.folder_of(ROW, source=source) == loaded.folder
    assert filled.log == []


def test_the_progress_of_a_download_is_logged(filled: Hub, source: Source, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "animegen")
    loading.folder_of(ROW, source=source)
    assert caplog.messages[-1] == "tiny (random): downloaded 0.0/0.0 GB"
    assert len(caplog.messages) <= 11


def test_its_controlnet_comes_from_a_repository_of_its_own_when_it_is_first_needed(filled: Hub, loaded: Parts) -> None:
    assert not [line for line in filled.asked() if ROW.controlnet in line]
    network = controlnet.load(loaded)
    assert network.dtype == loaded.unet.dtype
    assert [line for line in filled.asked() if ROW.controlnet in line]


# Choosing


def test_a_repository_that_the_table_lacks_gets_a_row_from_its_own_configs(filled: Hub, source: Source) -> None:
    row = selection.choose("owner/model", source=source).row
    assert (row.name, row.source, row.local, row.embedded) == ("owner/model", "owner/model", False, False)
    assert (row.native_size, row.licence) == (64, "unknown")


def test_what_its_index_rules_out_is_refused_before_any_weights_come(
    hub: Hub, model_folder: Path, source: Source
) -> None:
    large = files(model_folder)
    large["model_index.json"] = large["model_index.json"].replace(b'"vae"', b'"text_encoder_2": [1], "vae"')
    hub.publish("owner/xl", large)
    with pytest.raises(ModelUnavailable, match=r"owner/xl is not a Stable Diffusion .* a second text encoder"):
        selection.choose("owner/xl", source=source)
    assert not [line for line in hub.asked() if "safetensors" in line or "/cdn/" in line]


def test_a_repository_that_the_hub_does_not_show_is_refused_in_a_sentence(hub: Hub, source: Source) -> None:
    with pytest.raises(ModelUnavailable, match="no repository owner/nothing on the Hub"):
        selection.choose("owner/nothing", source=source)


def test_auto_without_a_gpu_takes_the_embedded_model_and_asks_nobody(filled: Hub, source: Source) -> None:
    choice = selection.choose("auto", gpu=lambda: False, source=source)
    assert (choice.row.name, filled.log) == ("chibi", [])
    assert choice.reason.id == "models.chosen_without_gpu"


def test_auto_on_a_gpu_takes_stable_diffusion_where_the_hub_answers(filled: Hub, source: Source) -> None:
    choice = selection.choose("auto", gpu=lambda: True, source=source)
    assert choice.row is SD15
    assert choice.reason.id == "models.chosen_online"


def test_auto_on_a_gpu_takes_it_from_the_cache_and_asks_nobody(filled: Hub, source: Source) -> None:
    loading.folder_of(SD15, source=source)
    filled.log.clear()
    choice = selection.choose("auto", gpu=lambda: True, source=source)
    assert (choice.row, filled.log) == (SD15, [])
    assert choice.reason.id == "models.chosen_cached"


def test_auto_on_a_gpu_takes_the_embedded_model_where_neither_is(hub: Hub, source: Source) -> None:
    choice = selection.choose("auto", gpu=lambda: True, source=source)
    assert choice.row.name == "chibi"
    assert choice.reason.id == "models.chosen_offline"


def test_a_space_whose_gpu_comes_with_each_request_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "settings", lambda: Settings(SPACES_ZERO_GPU=True))
    assert selection.has_gpu()
