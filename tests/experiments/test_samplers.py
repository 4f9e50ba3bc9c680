"""The report by sampler, with a studio that needs no model: a sampler that draws worse has lower figures."""

from pathlib import Path

import pytest
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.evaluation.report import Report
from animegen.experiments import samplers, trial
from animegen.experiments.questions import question
from animegen.tasks import Picture, TextToImage
from tests.experiments.asking import silent_trial


class Painter:
    """A studio that draws every task right but for one sampler, by which all is grey; it remembers its tasks."""

    def __init__(self) -> None:
        self.tasks: list[TextToImage] = []

    def pictures(self, task: TextToImage) -> tuple[Picture, ...]:
        self.tasks.append(task)
        right = task.sampler != "DDIM"
        image = render(question("test", task.seed).character) if right else Image.new("RGB", (256, 256), "grey")
        return (Picture(image=image, task=task, model="painter"),)


@pytest.fixture
def painter() -> Painter:
    return Painter()


@pytest.fixture
def report(painter: Painter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Report:
    monkeypatch.setattr(trial.Studio, "load", lambda settings: painter)
    return samplers.chibi(silent_trial("samplers", 4, tmp_path))


def test_a_sampler_that_draws_worse_has_lower_figures_than_the_others(report: Report) -> None:
    right = {name: figure.value for name, figure in report.figures.items() if name.startswith("stated and right")}
    assert len(right) == 7
    assert min(right, key=lambda name: right[name]) == "stated and right, DDIM"
    assert right["stated and right, Euler"] == right["stated and right, DPM++ 2M"] > right["stated and right, DDIM"]


def test_every_sampler_draws_the_same_prompts_from_the_same_seeds(report: Report, painter: Painter) -> None:
    assert report.n == 28
    drawn = {name: [(t.prompt, t.seed) for t in painter.tasks if t.sampler == name] for name in ("DDIM", "Euler a")}
    assert drawn["DDIM"] == drawn["Euler a"]
    assert "DDIM: " in report.markdown()
