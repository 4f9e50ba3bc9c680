"""Which pictures chibi knows: the same ones each time, and a bound that lies between its own and all others."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from animegen.experiments import familiarity
from animegen.models.table import rows
from animegen.pipelines.familiarity import FILE, bound


@pytest.mark.parametrize("kind", familiarity.KINDS)
def test_a_picture_of_a_kind_is_the_same_each_time_and_another_by_its_number(kind: str) -> None:
    make = familiarity.KINDS[kind]
    first = make(0, 96)
    assert (first.mode, first.size) == ("RGB", (96, 96))
    assert first.tobytes() == make(0, 96).tobytes()
    assert first.tobytes() != make(1, 96).tobytes()


def test_the_bound_lies_between_the_artists_pictures_and_all_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def strange(_: object, image: Image.Image) -> float:
        return image.getpixel((0, 0))[0] / 100

    def flat(*levels: int) -> familiarity.Make:
        return lambda number, size: Image.new("RGB", (size, size), (levels[number], 0, 0))

    monkeypatch.setattr(familiarity, "strangeness", strange)
    monkeypatch.setattr(familiarity, "KINDS", {"renders": flat(10, 20, 60), "noise": flat(40, 90, 90)})
    monkeypatch.setattr(familiarity, "LOOKED", {"manga": flat(20, 50, 90)})
    studio = SimpleNamespace(row=rows()["chibi"], engine=None)
    assert familiarity.measure(studio, count=3, report=lambda _: None, keep=True, folder=tmp_path) == 0.3
    assert bound(tmp_path) == 0.3
    known = {kind: one["known"] for kind, one in json.loads((tmp_path / FILE).read_bytes())["measured"].items()}
    assert known == {"renders": 0.6667, "noise": 0.0, "manga": 0.3333}
