"""The report by sampler, with a studio that needs no model: a sampler that draws worse has lower figures."""

from pathlib import Path

import pytest
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.evaluation.report import Report
from animegen.experiments import samplers
from animegen.experiments.questions import question
from animegen.tasks import TextToImage
from tests.experiments.asking import Painter, silent_trial


@pytest.fixture
def painter() -> Painter:
    """A studio that draws every task right but for one sampler, by which all is grey."""

    def draw(task: TextToImage) -> list[Image.Image]:
        right = task.sampler != "DDIM"
        return [render(question("test", task.seed).character) if right else Image.new("RGB", (256, 256), "grey")]

    return Painter(draw)


@pytest.fixture
def report(painter: Painter, tmp_path: Path) -> Report:
    return samplers.measure(silent_trial(painter, "samplers", 4, tmp_path))


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
