"""An LCM-LoRA of a person's own, which a catalogue gives its role: the sampler LCM draws with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from animegen.errors import InvalidRequest
from animegen.lora_files import Offers, base_of, write_kohya
from animegen.studio import Studio
from animegen.tasks import Picture, TextToImage
from tests import tiny
from tests.lora_files.making import adapter, places

TASK = TextToImage(prompt="girl", preset="fast", seed=5)
CATALOGUE = """
[turbo]
base = "tiny"
file = "turbo.safetensors"
trigger = []
weight = 0.9
licence = "CC0-1.0"
role = "lcm"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    for name in ("turbo", "ink"):
        write_kohya(adapter(BASE, places(BASE), rank=2, alpha=0.1), tmp_path / f"{name}.safetensors")
    return tmp_path


PARTS = tiny.parts()
BASE = base_of("tiny", "tiny (random)", PARTS.unet.config, PARTS.text_encoder.config.to_dict())


def open_studio(folder: Path) -> Studio:
    return Studio(tiny.ROW, lambda row: replace(tiny.parts(), row=row), offers=Offers([folder], [BASE]))


def only(studio: Studio, task: TextToImage) -> Picture:
    (picture,) = studio.pictures(task)
    return picture


def test_it_makes_the_sampler_available(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert "LCM" in open_studio(folder).samplers
    assert "LCM" not in open_studio(tmp_path_factory.mktemp("empty")).samplers


def test_the_preset_fast_draws_with_it_at_the_catalogues_weight(folder: Path) -> None:
    studio = open_studio(folder)
    picture = only(studio, TASK)
    worn = studio.engine.active_adapters
    assert (picture.task.sampler, picture.task.steps, list(picture.lora_hashes)) == ("LCM", 4, ["turbo"])
    assert [weight for _, weight in worn or ()] == [0.9]


def test_another_sampler_draws_without_it(folder: Path) -> None:
    assert only(open_studio(folder), replace(TASK, sampler="Euler", steps=2)).lora_hashes == {}


def test_it_is_not_among_the_loras_that_a_person_chooses(folder: Path) -> None:
    assert list(open_studio(folder).offers.selectable("tiny")) == ["ink"]


def test_a_person_may_name_it_for_another_sampler(folder: Path) -> None:
    picture = only(open_studio(folder), replace(TASK, sampler="Euler", steps=2, loras=("turbo",)))
    assert list(picture.lora_hashes) == ["turbo"]


def test_it_is_not_put_on_twice(folder: Path) -> None:
    with pytest.raises(InvalidRequest, match="puts the LoRA 'turbo' on by itself"):
        open_studio(folder).run(replace(TASK, loras=("turbo",)))


def test_a_role_that_there_is_not_is_refused(folder: Path) -> None:
    (folder / "catalogue.toml").write_text(CATALOGUE.replace('"lcm"', '"hat"'), encoding="utf-8")
    offers = Offers([folder], [BASE])
    assert offers.with_role("lcm", "tiny") is None
    assert "turbo" in str(offers.refusals()[0].refused)


def test_where_its_file_is_damaged_the_models_own_counts(folder: Path) -> None:
    (folder / "turbo.safetensors").write_bytes(b"nothing")
    assert Offers([folder], [BASE]).with_role("lcm", "tiny") is None
