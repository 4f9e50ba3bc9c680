"""`animegen models pull`: a machine is prepared from a Hub of our own, and then needs it no more."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from animegen.cli.models import pull_from
from animegen.models.cache import Source
from animegen.models.download import repositories
from animegen.models.table import rows
from tests.hub.layouts import SD15, base_model, network
from tests.hub.server import Hub


@pytest.fixture
def everything(hub: Hub) -> Hub:
    """A Hub with all that Stable Diffusion 1.5's row names."""
    base, *others = [name for name, _ in repositories(rows()["sd15"])]
    hub.publish(base, base_model())
    for name in others:
        hub.publish(name, network() | {"isnetis.onnx": b"what cuts out", "netG.pth": b"what finds line art"})
    return hub


def test_a_line_is_said_for_each_repository(everything: Hub, source: Source, capsys: pytest.CaptureFixture) -> None:
    pull_from(source, "sd15", half=True, update=False)
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == [name for name, _ in repositories(rows()["sd15"])]


def test_the_old_name_is_the_same_model(everything: Hub, source: Source) -> None:
    pull_from(source, "runwayml/stable-diffusion-v1-5", half=True, update=False)
    assert SD15 in json.loads(source.lock.read_text())["repositories"]


def test_the_embedded_model_has_nothing_to_download(say) -> None:
    said = say("models", "pull", "chibi")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


def test_a_model_that_the_table_lacks_is_one_sentence(say) -> None:
    said = say("models", "pull", "dragon")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


@pytest.mark.slow
def test_the_real_program_prepares_a_machine_that_then_asks_nobody(everything: Hub, tmp_path: Path) -> None:
    variables = {"HF_ENDPOINT": everything.url, "HF_HOME": str(tmp_path), "HF_TOKEN_PATH": os.devnull}
    command = [Path(sys.executable).with_name("animegen"), "models", "pull", "sd15"]
    environment = {**os.environ, **variables}
    first = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    everything.log.clear()
    second = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    needed = len(list(repositories(rows()["sd15"])))
    assert first.count("locked to revision") == second.count("was already downloaded") == needed
    assert everything.log == []
    assert len(json.loads((tmp_path / "animegen" / "models.lock.json").read_text())["repositories"]) == needed
