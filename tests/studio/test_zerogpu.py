"""Drawing on a GPU that is lent: what goes there and comes back is pickled, and nothing goes there unchecked."""

import pickle
from collections.abc import Generator
from dataclasses import replace

import pytest
from PIL import Image

from animegen.errors import AnimegenError, DrawingFailed, InvalidRequest
from animegen.models import matting
from animegen.models.loading import Parts
from animegen.pipelines.drawing import PIPELINES
from animegen.pipelines.job import Job
from animegen.studio import Studio, zerogpu
from animegen.studio.zerogpu import Draw
from animegen.tasks import (
    Animation,
    Canny,
    EmotionPath,
    ExpressionSheet,
    ImageToImage,
    Picture,
    Preview,
    Task,
    TextToImage,
)
from tests import tiny

GREY = Image.new("RGB", (64, 64), "grey")
TASK = TextToImage(prompt="1girl, blue hair", steps=2, seed=5)
TASKS = (
    replace(TASK, count=2),
    ImageToImage(image=GREY, steps=2, seed=5),
    EmotionPath(prompt="1girl", frames=2, steps=2, seed=5),
    Animation(image=GREY, frames=8, steps=2, seed=5),
    ExpressionSheet(prompt="1girl", emotions="neutral,happy", steps=2, seed=5),
)


class Lender:
    """Lends a GPU to whoever draws, and remembers for how many seconds; all that passes is pickled."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.steps = 0

    def __call__(self, draw: Draw) -> Draw:
        def lent(job: Job) -> Generator[Preview | Picture | AnimegenError, None, None]:
            self.asked.append(zerogpu.seconds(job))
            for each in draw(pickle.loads(pickle.dumps(job))):  # noqa: S301  # our own bytes
                self.steps += 1
                yield pickle.loads(pickle.dumps(each))  # noqa: S301  # our own bytes

        return lent


@pytest.fixture
def lender() -> Lender:
    return Lender()


@pytest.fixture
def studio(parts: Parts, lender: Lender) -> Studio:
    return Studio(tiny.ROW, lambda _: parts, lend=lender)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_pictures_drawn_elsewhere_are_those_drawn_here(task, studio: Studio, parts: Parts) -> None:
    here = Studio(tiny.ROW, lambda _: parts).pictures(task)
    elsewhere = studio.pictures(task)
    assert [picture.image.tobytes() for picture in elsewhere] == [picture.image.tobytes() for picture in here]
    assert [picture.seed for picture in elsewhere] == [picture.seed for picture in here]


def test_a_problem_elsewhere_is_raised_here_in_its_own_words(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise DrawingFailed("pipelines.out_of_memory")

    monkeypatch.setitem(PIPELINES, TextToImage, fails)
    with pytest.raises(DrawingFailed, match="Out of memory"):
        studio.pictures(TASK)


@pytest.mark.parametrize("wrong", [{"sampler": "none such"}, {"emotion": "none such"}, {"width": 63}])
def test_no_gpu_is_asked_for_a_request_that_is_refused(wrong: dict, studio: Studio, lender: Lender) -> None:
    with pytest.raises(InvalidRequest):
        studio.pictures(replace(TASK, **wrong))
    assert lender.asked == []


def test_closing_stops_what_is_drawn_elsewhere(studio: Studio, lender: Lender) -> None:
    drawing = studio.run(replace(TASK, steps=20))
    next(drawing)
    drawing.close()
    assert lender.steps == 1
    assert len(studio.pictures(TASK)) == 1


def planned(request: Task = TASK, **values: object) -> Job:
    usual = {"width": 512, "height": 512, "steps": 20}
    return Job(
        request=request, texts=("1girl",), negative="", guidance_scale=3.0, sampler="Euler", seed=5, **usual | values
    )


@pytest.mark.parametrize("more", [{"request": replace(TASK, count=4)}, {"steps": 50}, {"width": 1024}])
def test_more_to_draw_needs_the_gpu_for_longer(more: dict) -> None:
    assert zerogpu.seconds(planned(**more)) > zerogpu.seconds(planned())


def test_each_adapter_needs_the_gpu_for_longer() -> None:
    assert zerogpu.seconds(planned()) < zerogpu.seconds(planned(adapters=((None, 1.0),))) <= 8


def test_a_gpu_is_asked_for_no_longer_than_needed() -> None:
    assert zerogpu.seconds(planned()) <= 6
    assert zerogpu.seconds(planned(replace(TASK, count=8), steps=150, width=2048, height=2048)) == zerogpu.MOST


def test_the_work_of_the_processor_is_planned_too() -> None:
    assert zerogpu.seconds(planned(cpu_seconds=20)) == zerogpu.seconds(planned()) + 20


@pytest.mark.parametrize(("embedded", "more"), [(True, 0), (False, 3 * matting.SECONDS)])
def test_a_gpu_waits_for_the_network_that_cuts_out_and_for_nothing_else(
    parts: Parts, lender: Lender, monkeypatch: pytest.MonkeyPatch, embedded: bool, more: float
) -> None:
    monkeypatch.setattr(matting, "installed", lambda: True)
    studio = Studio(replace(tiny.ROW, embedded=embedded, plain_background=embedded), lambda _: parts, lend=lender)
    sheet = ExpressionSheet(prompt="1girl", emotions="neutral,happy", steps=2, seed=5)
    for transparent in (False, True):
        drawing = studio.run(replace(sheet, transparent=transparent))
        next(drawing)
        drawing.close()
    assert lender.asked[1] - lender.asked[0] == more


def test_a_drawing_along_edges_is_planned_too(lender: Lender) -> None:
    assert zerogpu.seconds(planned(Canny(image=GREY, prompt="1girl"))) <= 6
