"""The judge that lies beside chibi's weights reads pictures that it never saw."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from animegen.chibi import judge
from animegen.chibi.artist import draw
from animegen.chibi.character import characters, labels
from animegen.errors import ModelUnavailable
from animegen.models import loading, table

WEIGHTS = "judge.safetensors"


@pytest.fixture(scope="module")
def reader() -> judge.Judge:
    return judge.load(loading.folder_of(table.rows()["chibi"]) / WEIGHTS)


def test_the_judge_reads_renders_it_never_saw(reader: judge.Judge) -> None:
    people = characters("test", 50_000, 60)
    readings = reader.read([draw(person) for person in people])
    for name in ("emotion", "hair_colour", "hair_style", "eye_colour", "outfit", "background"):
        pairs = [(labels(person)[name], found[name]) for person, found in zip(people, readings, strict=True)]
        seen = [wanted == found for wanted, found in pairs if wanted is not None]
        assert sum(seen) >= 0.97 * len(seen), name


def test_a_grey_picture_is_not_read_like_a_render(reader: judge.Judge) -> None:
    render, grey = draw(characters("test", 50_001, 1)[0]), Image.new("RGB", (256, 256), "grey")
    one, other = reader.features(judge.tensor([render, grey]))
    assert torch.dist(one, other) > 1


def test_a_saved_judge_reads_the_same(reader: judge.Judge, tmp_path: Path) -> None:
    judge.save(reader, tmp_path / WEIGHTS)
    image = [draw(characters("test", 50_002, 1)[0])]
    assert judge.load(tmp_path / WEIGHTS).read(image) == reader.read(image)


def test_an_absent_judge_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="make chibi"):
        judge.load(tmp_path / WEIGHTS)
