"""The small decoder of previews: loaded where it can be had, and never a reason for failing."""

from dataclasses import replace

import pytest
import torch

from animegen.models import loading, taesd
from animegen.models.cache import Source
from animegen.models.device import Placement
from animegen.models.loading import Parts
from tests import tiny
from tests.hub.faults import ALWAYS, Refused
from tests.hub.models import ROW
from tests.hub.server import Hub

HALF = Placement(device=torch.device("cpu"), dtype=torch.bfloat16, reason="A test of half precision.")


@pytest.fixture
def parts(sd15_hub: Hub, source: Source) -> Parts:
    return loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source), source)


@pytest.mark.parametrize("placement", [tiny.CPU, HALF], ids=["full", "half"])
def test_it_is_frozen_and_placed_as_the_parts_are(parts: Parts, placement: Placement) -> None:
    network = taesd.load(replace(parts, placement=placement))
    assert network is not None
    assert (network.dtype, network.training) == (placement.dtype, False)
    assert not any(weight.requires_grad for weight in network.parameters())


def test_what_is_here_is_loaded_without_asking_anybody(sd15_hub: Hub, parts: Parts) -> None:
    assert taesd.load(parts)
    sd15_hub.log.clear()
    assert taesd.load(parts)
    assert sd15_hub.log == []


def test_a_model_without_one_asks_nobody(sd15_hub: Hub, parts: Parts) -> None:
    sd15_hub.log.clear()
    assert taesd.load(replace(parts, row=replace(ROW, taesd=""))) is None
    assert sd15_hub.log == []


@pytest.mark.parametrize("why", ["down", "gone", "damaged", "another kind"])
def test_where_it_cannot_be_had_there_is_none_and_the_reason_is_logged(
    sd15_hub: Hub, parts: Parts, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    match why:
        case "down":
            sd15_hub.fail(Refused(path=f"*{ROW.taesd}*", status=503, times=ALWAYS))
        case "gone":
            del sd15_hub.repositories[ROW.taesd]
        case "damaged":
            sd15_hub.publish(ROW.taesd, {"diffusion_pytorch_model.safetensors": b"\x08" + 90 * b"\0"})
        case "another kind":
            sd15_hub.publish(ROW.taesd, {"config.json": b'{"decoder_block_out_channels": [4]}'})
    assert taesd.load(parts) is None
    assert [line.partition(": ")[0] for line in caplog.messages] == ["Stable Diffusion 1.5 draws without previews"]


def test_a_hub_that_is_down_is_tried_once(sd15_hub: Hub, parts: Parts) -> None:
    sd15_hub.fail(Refused(path=f"*{ROW.taesd}*", status=503, times=ALWAYS))
    taesd.load(parts)
    assert len([line for line in sd15_hub.asked() if ROW.taesd in line]) == 1
