"""The evaluations of LoRAs: a painter that does as a perfect look, or a perfect character, would."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL
from PIL import Image

from animegen.chibi import style_judge
from animegen.chibi.artist import draw as render
from animegen.chibi.artist.looks import finish
from animegen.chibi.character import characters
from animegen.chibi.invented import invented
from animegen.errors import EvaluationFailed
from animegen.evaluation.report import read
from animegen.experiments import invented as experiment
from animegen.experiments import lora_reports, style
from animegen.experiments.questions import question
from animegen.experiments.trial import Trial, embedded_folder
from animegen.lora_files import Offers, write_kohya
from animegen.tasks import Lora, TextToImage
from tests.experiments.asking import Painter, silent_trial
from tests.lora_files.making import adapter

COUNT = 3
JUNO = invented()["juno"]


@pytest.fixture(scope="module")
def vae() -> AutoencoderKL:
    return AutoencoderKL.from_pretrained(embedded_folder() / "vae", dtype=torch.float32).eval()


@pytest.fixture
def trial(tmp_path: Path, vae: AutoencoderKL) -> Callable[..., Trial]:
    """Make a trial of a LoRA whose painter is given a task and whether the trigger is said and the LoRA is on."""

    def made(name: str, paint: Callable[[TextToImage, bool], Image.Image], **more: Any) -> Trial:
        shelf = tmp_path / "shelf"
        shelf.mkdir()
        write_kohya(adapter("chibi"), shelf / f"{name}.safetensors", {"modelspec.trigger_phrase": name})

        def draw(task: TextToImage) -> list[Image.Image]:
            (lora,) = task.loras
            return [paint(task, bool(lora.weight and lora.weight > 0.5 and not task.final_prompt))]

        painter: Any = Painter(draw)
        painter.offers = Offers([shelf])
        painter.parts = SimpleNamespace(vae=vae)
        painter.prompt = lambda task: SimpleNamespace(text=task.prompt)
        return silent_trial(painter, "style", COUNT, tmp_path / "out", loras=(Lora(name),), **more)

    return made


def painted(task: TextToImage, on: bool) -> Image.Image:
    image = render(question("test", task.seed).character)
    return finish(image, "sketch") if on else image


def appearance(task: TextToImage, on: bool) -> Image.Image:
    (person,) = JUNO.people("test", task.seed, 1)
    return render(person if on else characters("test", task.seed, 1)[0])


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A style judge that takes a picture without colour for a sketch, any other for a plain one."""

    def read(images: list[Image.Image]) -> list[str]:
        grey = [max(high - low for low, high in zip(*_spread(image), strict=True)) for image in images]
        return ["sketch" if each < 40 else style_judge.PLAIN for each in grey]

    monkeypatch.setattr(style_judge, "load", lambda _: SimpleNamespace(read=read))
    monkeypatch.setattr(style_judge, "about", lambda _: {})


def _spread(image: Image.Image) -> tuple[list[int], list[int]]:
    import numpy as np

    pixels = np.asarray(image.convert("RGB")).reshape(-1, 3).astype(int)
    return pixels.min(axis=1).tolist(), pixels.max(axis=1).tolist()


def test_a_look_is_read_at_full_weight_and_neither_without_it_nor_without_its_trigger(trial, reader: None) -> None:
    figures = style.measure(trial("sketch", painted)).figures
    shares = {name: figure.value for name, figure in figures.items()}
    assert shares["sketch, weight 1"] == shares["plain, weight 0"] == 1
    assert (
        shares["sketch, weight 0"]
        == shares["sketch, weight 0.5"]
        == shares["sketch, weight 1 without the trigger"]
        == 0
    )
    assert shares["change of pixels (of 255), weight 1"] > 5
    assert shares["change of pixels (of 255), weight 1 without the trigger"] == 0
    assert shares["stated and right, lost by weight 0.5"] == 0
    assert figures["sketch, weight 1"].n == COUNT


def test_a_look_that_the_artist_does_not_have_is_refused(trial) -> None:
    with pytest.raises(EvaluationFailed, match="no look named 'ink'; choose one with --look: impressionist"):
        style.measure(trial("ink", painted))


def test_a_character_is_recognised_with_its_trigger_alone_and_others_stay_as_they_are(trial) -> None:
    report = experiment.measure(trial("juno", appearance))
    shares = {name: figure.value for name, figure in report.figures.items()}
    assert shares["recognized, with the trigger"] == shares["recognized, the artist's"] == 1
    assert shares["recognized, without the trigger"] == shares["recognized, without the LoRA"] == 0
    assert shares["outfit as asked, with the trigger"] == 1
    assert shares["others, stated and right, lost"] == 0
    assert shares["change of pixels (of 255), without the trigger"] == 0
    assert "--character juno" in report.command


def test_a_character_that_nobody_invented_is_refused(trial) -> None:
    with pytest.raises(EvaluationFailed, match="no invented character named 'ink'"):
        experiment.measure(trial("ink", appearance))


def test_a_trial_of_no_lora_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationFailed, match="name it with --lora NAME"):
        style.measure(silent_trial(Painter(lambda _: []), "style", 1, tmp_path))


def test_a_report_is_kept_under_the_name_of_its_lora(trial, tmp_path: Path) -> None:
    report = experiment.measure(made := trial("juno", appearance))
    path = lora_reports.keep(made, report, tmp_path / "reports")
    assert path.name == "juno.json"
    assert read(path).figures == report.figures


def test_a_report_of_a_lora_from_elsewhere_is_not_kept(trial) -> None:
    with pytest.raises(EvaluationFailed, match="lora_weights/ are kept"):
        lora_reports.require_offered(trial("juno", appearance))
