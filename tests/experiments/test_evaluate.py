"""The evaluation of chibi as a whole, with a studio that needs no model: what it asks for and what it writes."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from animegen.chibi import judge
from animegen.chibi.artist import draw as render
from animegen.errors import EvaluationFailed
from animegen.evaluation import distances, report
from animegen.evaluation.report import Report
from animegen.experiments import evaluate, trial
from animegen.experiments.questions import question
from animegen.experiments.references import fill
from animegen.tasks import TextToImage
from tests.experiments.asking import Painter, silent_trial


def perfect(task: TextToImage) -> list[Image.Image]:
    return [render(question("test", task.seed).character)]


def grey(task: TextToImage) -> list[Image.Image]:
    return [Image.new("RGB", (256, 256), "grey")]


Evaluate = Callable[..., Report]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Evaluate:
    """Evaluate a painter on 20 prompts, 5 of them with a negative too."""

    def measured(painter: Painter, count: int = 20, out: Path = tmp_path) -> Report:
        return evaluate.measure(silent_trial(painter, "chibi", count, out), negatives=5)

    return measured


def test_another_model_has_other_figures(measured: Evaluate, tmp_path: Path) -> None:
    good, bad = (measured(Painter(paint), out=tmp_path / paint.__name__).figures for paint in (perfect, grey))
    assert good["hair_colour"].value > bad["hair_colour"].value
    assert good["accessories, F1"].value > bad["accessories, F1"].value
    assert bad["KID"].value > good["KID"].value
    assert bad["MIND"].value > 2 * good["MIND"].value
    assert bad["KID, the artist's floor"] == good["KID, the artist's floor"]
    assert good["MIND"].value == pytest.approx(good["MIND, the artist's floor"].value, rel=0.3)


def test_the_artists_own_floor_is_near_zero(measured: Evaluate) -> None:
    figures = measured(Painter(grey)).figures
    floor = figures["KID, the artist's floor"]
    assert floor.low <= 0 <= floor.high
    assert floor.high < figures["KID"].low
    assert figures["MIND, the artist's floor"].value < figures["MIND"].value / 4


def test_the_report_says_what_it_is_of(measured: Evaluate, tmp_path: Path) -> None:
    measured(Painter(grey))
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert "--count 20 --seed-from 0 --preset balanced --negatives 5" in written["command"]
    assert written["n"] == 25
    assert written["seconds"] > 0
    assert len(written["sources"]["unet"]) == 64
    assert written["commit"]
    assert written["prompts"] == [question("test", seed).prompt for seed in range(20)]
    assert (tmp_path / "sheet.webp").exists()


def test_a_negative_prompt_is_drawn_with_the_seed_of_the_plain_one(measured: Evaluate) -> None:
    painter = Painter(grey)
    measured(painter)
    plain = {task.seed: task.prompt for task in painter.tasks if not task.negative_prompt}
    negated = [task for task in painter.tasks if task.negative_prompt]
    assert len(plain) == 20
    assert len(negated) == 5
    assert all(task.prompt == plain[task.seed] for task in negated)


def test_a_longer_run_goes_on_where_a_shorter_one_ended(measured: Evaluate, tmp_path: Path) -> None:
    measured(Painter(perfect))
    second = Painter(perfect)
    longer = measured(second, count=24)
    assert len(second.tasks) == 4
    assert longer.figures == measured(Painter(perfect), count=24, out=tmp_path / "at once").figures


@pytest.mark.parametrize("source", ["code", "parts"])
def test_readings_by_other_code_or_of_other_weights_are_refused(
    measured: Evaluate, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    measured(Painter(grey))
    other = {"code": lambda: "another", "parts": lambda folder: {"unet": "another"}}[source]
    monkeypatch.setattr(trial.provenance, source, other)
    with pytest.raises(EvaluationFailed, match="another run"):
        measured(Painter(grey))


def test_the_report_names_the_code_and_every_part_of_the_weights(measured: Evaluate) -> None:
    sources = measured(Painter(grey)).sources
    assert {"code", "unet", "vae", "text_encoder", "judge", "controlnet"} <= sources.keys()


def test_what_is_written_is_what_is_returned(measured: Evaluate, tmp_path: Path) -> None:
    result = measured(Painter(grey))
    assert report.read(tmp_path / "report.json") == result


@pytest.mark.slow
@pytest.mark.parametrize("distance", [distances.frechet, distances.kernel_distance, distances.sliced])
def test_three_damaged_models_are_ranked_alike_by_all_distances(distance) -> None:
    """Renders softened, renders through a coarse mosaic, one render drawn again and again with noise on it."""
    reader = trial.load_judge()
    sound, reference = ([render(fill(question("test", seed), name), 128) for seed in range(80)] for name in "ab")
    noise = np.random.default_rng(0).normal(0, 60, (80, 128, 128, 3))
    models = (
        sound,
        [image.filter(ImageFilter.GaussianBlur(1)) for image in sound],
        [image.resize((20, 20)).resize((128, 128)) for image in sound],
        [Image.fromarray((np.asarray(sound[0]) + each).clip(0, 255).astype(np.uint8)) for each in noise],
    )
    ways = np.linalg.qr(np.random.default_rng(1).normal(size=(256, 40)))[0]
    features = [reader.features(judge.tensor(images)).numpy() @ ways for images in (reference, *models)]
    found = [distance(one, features[0]).value for one in features[1:]]
    assert found == sorted(found)
