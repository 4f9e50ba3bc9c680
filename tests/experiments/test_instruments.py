"""The instruments that look at drawings as pictures: broken ones, two samples, memory; one run's pictures serve all."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL
from PIL import Image, ImageFilter

from animegen.chibi import broken as detectors
from animegen.chibi.artist import draw as render
from animegen.chibi.broken import KINDS, OUTPUTS, Detector
from animegen.chibi.character import Character, characters
from animegen.evaluation.distances import nearest
from animegen.evaluation.report import Report
from animegen.experiments import broken, memory, two_sample
from animegen.experiments.questions import question
from animegen.experiments.references import fill
from animegen.experiments.trial import Trial
from animegen.models import loading, table
from animegen.tasks import TextToImage
from tests.experiments.asking import Painter, silent_trial

SIDE = 128
COUNT = 12
FOLDER = loading.folder_of(table.rows()["chibi"])


@pytest.fixture(scope="module")
def painter() -> Painter:
    def blurred(task: TextToImage) -> list[Image.Image]:
        image = render(fill(question("test", task.seed), "painter"), SIDE)
        return [image.filter(ImageFilter.GaussianBlur(2))]

    found = Painter(blurred)
    vae = AutoencoderKL.from_pretrained(FOLDER / "vae", dtype=torch.float32).eval()
    found.parts = SimpleNamespace(vae=vae)  # type: ignore[attr-defined]
    return found


@pytest.fixture
def asked(tmp_path: Path, painter: Painter) -> Callable[[str], Trial]:
    return lambda verb: silent_trial(painter, verb, COUNT, tmp_path)


@pytest.fixture
def detector(tmp_path: Path) -> Path:
    """A detector that calls every picture broken by its lids."""
    network = Detector()
    network.head.weight.data.zero_()
    network.head.bias.data.copy_(torch.tensor([1.0 if name in ("broken", "lid") else -1.0 for name in OUTPUTS]))
    recall = {"value": 0.5, "low": 0.3, "high": 0.7, "n": 20}
    path = tmp_path / "detector.safetensors"
    detectors.save(network, path, {"validation": {"recall of lid": recall}})
    return path


def test_broken_pictures_are_counted_by_their_faults_beside_false_alarms(asked, detector: Path) -> None:
    result = broken.measure(asked("broken"), detector=detector)
    figures = result.figures
    assert figures["broken"].value == figures["broken, lid"].value == figures["broken, of clean renders"].value == 1
    assert all(figures[f"broken, {kind}"].value == 0 for kind in KINDS if kind != "lid")
    sleepers = sum(question("test", seed).character.emotion == "sleepy" for seed in range(COUNT))
    assert figures["one-eyed sleepers"].n == sleepers
    assert figures["detector's validation, recall of lid"].n == 20
    assert figures["broken"].n == COUNT
    assert "detector" in result.title


def test_a_sound_picture_has_no_faults_and_the_clearest_comes_first() -> None:
    sound = dict.fromkeys(OUTPUTS, -1.0)
    assert broken.faults(sound | {"lid": 3.0}) == ""
    assert broken.faults(sound | {"broken": 0.1, "lid": 1.0, "mouth": 2.0}) == "mouth, lid"


def test_only_sleepers_are_counted_as_one_eyed() -> None:
    people = [Character(emotion=emotion, strength=1.0) for emotion in ("sleepy", "sleepy", "happy")]
    down, up = (dict.fromkeys(OUTPUTS, -1.0) | {"lid": margin} for margin in (1.0, -1.0))
    figures = dict(broken.rates(people, [down, up, down]))
    assert (figures["one-eyed sleepers"].value, figures["one-eyed sleepers"].n) == (0.5, 2)


def test_pictures_of_one_run_serve_the_other_instruments(asked, detector: Path, painter: Painter) -> None:
    broken.measure(asked("broken"), detector=detector)
    before = len(painter.tasks)
    two_sample.measure(asked("two-sample"), steps=2)
    memory.measure(asked("memory"), renders=8)
    assert len(painter.tasks) == before


def test_the_two_sample_test_stands_beside_one_of_two_sets_of_renders(asked) -> None:
    result: Report = two_sample.measure(asked("two-sample"), steps=3)
    assert set(result.figures) == {"drawings told from renders", "renders told from renders"}
    assert "--steps 3" in result.command


def test_a_memorised_picture_is_nearer_than_held_out_renders() -> None:
    known = memory.small([render(person, SIDE) for person in characters("train", 1, 12)])
    others = memory.small([render(person, SIDE) for person in characters("validation", 1, 12)])
    figures = dict(memory.figures(nearest(known[:6], known), nearest(others, known)))
    assert figures["drawings to the nearest training render, median"].value == 0
    assert figures["held-out renders to the nearest training render, median"].value > 10
    name = next(name for name in figures if name.startswith("drawings nearer"))
    assert figures[name].value == 1


def test_training_renders_are_drawn_once_for_a_folder(tmp_path: Path) -> None:
    said: list[str] = []
    first, again = (memory.training_renders(tmp_path, 5, said.append) for _ in range(2))
    assert len(said) == 1
    assert np.array_equal(first, again)
    assert first.shape == (5, memory.SIDE**2 * 3)


def test_a_small_picture_has_the_mean_of_the_large_one() -> None:
    grey = Image.new("RGB", (256, 256), (10, 20, 30))
    assert memory.small([grey]).reshape(-1, 3).mean(axis=0).tolist() == [10, 20, 30]
