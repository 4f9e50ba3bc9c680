"""Familiarity: of a picture that is not of the model's own world nothing is believed, and of a blank one nothing."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from animegen.pictures.sources import upright
from animegen.pipelines import familiarity, zero_shot
from animegen.pipelines.engine import Engine
from animegen.settings import Settings
from animegen.studio import Studio
from tests import tiny

NOISE = Image.effect_noise((64, 64), 90).convert("RGB")


def engine(folder: Path, unet: Any = None) -> Engine:
    made = tiny.parts(folder)
    return Engine(replace(made, unet=unet) if unet else made)


def bounded(folder: Path, bound: float) -> Path:
    (folder / familiarity.FILE).write_text(json.dumps({"bound": bound}))
    return folder


class Wise(torch.nn.Module):
    """Answers right but for a part of what it would have to know."""

    def __init__(self, part: float) -> None:
        super().__init__()
        self.part, self.wanted = part, list[torch.Tensor]()

    def forward(self, seen: torch.Tensor, *_: Any, **__: Any) -> tuple[torch.Tensor]:
        wanted = self.wanted[0]
        away = wanted - wanted.mean(dim=(2, 3), keepdim=True)
        self.wanted.append(self.wanted.pop(0))
        return (wanted - self.part**0.5 * away,)


@pytest.mark.parametrize("part", [0.0, 0.25, 1.0])
def test_strangeness_is_the_part_that_the_network_gets_wrong(tmp_path: Path, part: float) -> None:
    wise = Wise(part)
    asked = engine(tmp_path, wise)
    latents = asked.pictures.encode(NOISE)
    wise.wanted = [zero_shot.add_noise(asked, latents, seed)[1] for seed in range(zero_shot.NOISES)]
    assert familiarity.strangeness(asked, NOISE) == pytest.approx(part, abs=0.01)


def test_a_picture_is_known_up_to_the_bound_beside_the_weights(tmp_path: Path) -> None:
    strange = familiarity.strangeness(engine(tmp_path), NOISE)
    assert familiarity.is_familiar(engine(bounded(tmp_path, strange * 1.01)), NOISE)
    assert not familiarity.is_familiar(engine(bounded(tmp_path, strange * 0.99)), NOISE)


def test_of_weights_that_were_not_measured_nothing_is_known(tmp_path: Path) -> None:
    assert not familiarity.is_familiar(engine(tmp_path), NOISE)


@pytest.mark.parametrize("colour", ["white", "black", "grey", "red"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_nothing_is_seen_in_a_picture_of_one_colour(tmp_path: Path, colour: str, mode: str) -> None:
    plain, _ = upright(Image.new(mode, (64, 64), colour))
    assert not familiarity.is_familiar(engine(bounded(tmp_path, float("inf"))), plain)


@pytest.mark.slow
def test_chibi_knows_its_artists_pictures_and_no_scribbles_noise_or_scenes() -> None:
    kinds = pytest.importorskip("animegen.experiments.familiarity", reason="the artist draws with skia").KINDS
    asked = Studio.load(Settings(model="chibi")).engine
    size = asked.parts.row.native_size
    known = {
        kind: sum(familiarity.is_familiar(asked, make(number, size)) for number in range(100, 106))
        for kind, make in kinds.items()
    }
    assert known.pop("renders") >= 5
    assert set(known.values()) == {0}
