"""The evaluation of drawing along edges, with a studio that needs no model: what it asks for and what it writes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.chibi.character import labels
from animegen.evaluation import report
from animegen.evaluation.report import Report
from animegen.experiments import canny
from animegen.experiments.questions import question
from animegen.models import table
from animegen.tasks import Canny, Picture
from tests.experiments.asking import Painter, silent_trial

COUNT = 10


def obedient(task: Canny) -> list[Image.Image]:
    """Draw the character where edges lead, and another one where they do not."""
    seed = task.seed if task.conditioning_scale else task.seed + 1_000
    return [render(question("test", seed).character, task.image.width)]


Evaluate = Callable[..., Report]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Evaluate:
    def measured(painter: Painter, out: Path = tmp_path) -> Report:
        monkeypatch.setattr(canny, "reconstructed_images", lambda studio, images: images)
        return canny.measure(silent_trial(painter, "canny", COUNT, out))

    return measured


def test_each_prompt_is_drawn_along_edges_and_without_from_one_seed(measured: Evaluate) -> None:
    painter = Painter(obedient)
    measured(painter)
    assert [task.conditioning_scale for task in painter.tasks] == [0.8, 0.0] * COUNT
    for led, free in zip(painter.tasks[::2], painter.tasks[1::2], strict=True):
        assert (led.prompt, led.seed, led.image_kind) == (free.prompt, free.seed, "edges")
        assert led.image.tobytes() == free.image.tobytes()


def test_who_follows_the_edges_is_told_from_who_does_not(measured: Evaluate) -> None:
    figures = measured(Painter(obedient)).figures
    assert figures["edge F1, along the edges"].value == 1
    assert figures["edge F1, what the autoencoder leaves"].value == 1
    assert figures["edge F1, from the words alone"].value < 0.9
    gain = figures["edge F1, along the edges"].value - figures["edge F1, from the words alone"].value
    assert figures["edge F1, gain"].value == pytest.approx(gain)
    assert figures["share of what words leave open that edges close"].value == pytest.approx(1)
    assert figures["hair_colour, along them"].value > figures["hair_colour, from the words alone"].value
    assert figures["stated and right, along less from the words alone"].value > 0
    assert figures["edge F1, gain"].n == COUNT


def test_a_stopped_run_goes_on_and_gives_the_same_report(measured: Evaluate, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    class Tired(Painter):
        def pictures(self, task: Canny) -> tuple[Picture, ...]:
            if len(self.tasks) == 5:
                raise Stopped
            return super().pictures(task)

    with pytest.raises(Stopped):
        measured(Tired(obedient))
    second = Painter(obedient)
    result = measured(second)
    assert len(second.tasks) == 2 * COUNT - 5
    assert result.figures == measured(Painter(obedient), out=tmp_path / "at once").figures


def test_what_is_written_is_what_is_returned(measured: Evaluate, tmp_path: Path) -> None:
    result = measured(Painter(obedient))
    assert report.read(tmp_path / "report.json") == result
    assert (
        "animegen evaluate canny --split test --count 10 --seed-from 0 --preset balanced --scale 0.8" in result.command
    )
    with Image.open(tmp_path / "sheet.webp") as sheet:
        assert sheet.width == 8 * table.rows()["chibi"].native_size
    assert len(result.prompts) == 3 * 8


def test_a_prompt_of_which_nothing_can_be_seen_is_no_tie() -> None:
    asked = question("test", 1)
    silent = replace(asked, stated=frozenset())
    right = {name: str(word) for name, word in labels(asked.character).items()}
    wrong = dict.fromkeys(right, "none of them")
    found = dict(canny._gain([(asked, right), (silent, right)], [(asked, wrong), (silent, wrong)]))
    (figure,) = found.values()
    assert (figure.value, figure.n) == (1, 1)
    assert not list(canny._gain([(silent, right)], [(silent, wrong)]))
