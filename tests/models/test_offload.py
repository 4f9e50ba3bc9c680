"""Offloaded networks: which is on the device when. Stand-ins that cannot move write down where they were sent."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from animegen.models.offload import StageOffload
from tests import tiny

DEVICE = torch.device("cuda")


class Standing(nn.Module):
    """Remembers where it was sent, and stays: this machine may have no second device."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def to(self, where: torch.device | str) -> "Standing":  # type: ignore[override]
        self.sent.append(str(where))
        return self

    def forward(self) -> None:
        """Do nothing."""


@pytest.fixture
def networks() -> dict[str, Standing]:
    found = {name: Standing() for name in ("text_encoder", "unet", "controlnet", "vae")}
    offload = StageOffload(DEVICE)
    for name, stage in zip(found, ("words", "steps", "steps", "pixels"), strict=True):
        offload.add(found[name], stage)
    return found


def test_a_network_comes_when_it_is_called_and_leaves_when_the_next_stage_begins(networks) -> None:
    networks["text_encoder"]()
    assert networks["text_encoder"].sent == ["cuda"]
    networks["unet"]()
    assert networks["text_encoder"].sent == ["cuda", "cpu"]
    assert networks["vae"].sent == []


def test_networks_of_one_stage_come_once_and_stay_beside_each_other(networks) -> None:
    for _ in range(3):
        networks["controlnet"]()
        networks["unet"]()
    assert networks["controlnet"].sent == networks["unet"].sent == ["cuda"]
    networks["vae"]()
    assert networks["controlnet"].sent == networks["unet"].sent == ["cuda", "cpu"]


@pytest.mark.parametrize("call", ["encode", "decode"])
def test_an_autoencoder_comes_also_when_it_encodes_or_decodes(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    vae, unet, offload = tiny.parts().vae, Standing(), StageOffload(torch.device("cpu"))
    offload.add(unet, "steps")
    offload.add(vae, "pixels")
    unet()
    takes: dict[str, Callable[..., object]] = {"encode": vae.encode, "decode": vae.decode}
    takes[call](torch.zeros(1, 3 if call == "encode" else 8, 16, 16))
    assert unet.sent == ["cpu", "cpu"]
