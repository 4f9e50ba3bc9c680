"""A trial is of one model and its LoRAs: they draw every picture, and the report says which."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.evaluation.report import Report
from animegen.experiments.trial import Trial
from animegen.lora_files import Offers, write_kohya
from animegen.models.table import rows
from animegen.tasks import Lora, TextToImage
from tests.experiments.asking import Painter, silent_trial
from tests.lora_files.making import adapter

TASK = TextToImage(prompt="1girl", seed=3)


@pytest.fixture
def painter(tmp_path: Path) -> Painter:
    """A studio of chibi that offers the LoRA ``ink``."""
    folder = tmp_path / "loras"
    folder.mkdir()
    write_kohya(adapter("chibi"), folder / "ink.safetensors")
    found = Painter(lambda task: [Image.new("RGB", (8, 8))])
    found.offers = Offers([folder])
    return found


def trial(painter: Painter, out: Path, *loras: Lora) -> Trial:
    return silent_trial(painter, "chibi", 2, out, loras=loras)


def report(of: Trial) -> Report:
    return of.report("A title", [], [], prompts=[], images=[], scale=0.8)


def test_every_task_is_drawn_with_the_loras(painter: Painter, tmp_path: Path) -> None:
    trial(painter, tmp_path, Lora("ink", 0.5)).picture(TASK)
    assert painter.tasks == [replace(TASK, loras=(Lora("ink", 0.5),))]


def test_without_loras_a_task_stays_as_it_is(painter: Painter, tmp_path: Path) -> None:
    trial(painter, tmp_path).picture(TASK)
    assert painter.tasks == [TASK]


def test_a_lora_without_a_weight_gets_its_makers(painter: Painter, tmp_path: Path) -> None:
    assert trial(painter, tmp_path, Lora("ink")).loras == (Lora("ink", 1.0),)


def test_the_report_names_the_loras_with_their_hashes(painter: Painter, tmp_path: Path) -> None:
    found = report(trial(painter, tmp_path, Lora("ink", 0.5)))
    assert found.command == (
        "animegen evaluate chibi --lora ink:0.5 --split test --count 2 --seed-from 0 --preset balanced --scale 0.8"
    )
    assert len(found.sources["LoRA ink:0.5"]) == 64
    assert "LoRA ink:0.5" in found.origin()


def test_another_file_of_that_name_is_another_source(painter: Painter, tmp_path: Path) -> None:
    before = trial(painter, tmp_path, Lora("ink", 0.5)).sources
    write_kohya(adapter("chibi", rank=2), tmp_path / "loras" / "ink.safetensors")
    assert trial(painter, tmp_path, Lora("ink", 0.5)).sources != before


def test_the_report_names_another_model_than_the_embedded_one(
    painter: Painter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter.row = rows()["sd15"]
    monkeypatch.setattr("animegen.models.loading.folder_of", lambda row: tmp_path / row.name)
    monkeypatch.setattr("animegen.evaluation.provenance.parts", lambda folder: {"unet": "1", "judge": folder.name})
    found = report(trial(painter, tmp_path))
    assert "--model sd15" in found.command
    assert (found.sources["unet"], found.sources["judge"]) == ("1", "chibi")


def test_a_lora_of_another_model_is_refused(painter: Painter, tmp_path: Path) -> None:
    painter.row = rows()["sd15"]
    with pytest.raises(InvalidRequest):
        trial(painter, tmp_path, Lora("ink"))


def test_the_report_of_the_embedded_model_says_nothing_of_model_and_loras(painter: Painter, tmp_path: Path) -> None:
    command = report(trial(painter, tmp_path)).command
    assert "--model" not in command
    assert "--lora" not in command
