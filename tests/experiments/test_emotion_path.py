"""The evaluation of paths: one that leads on evenly, one that jumps, and a cross-fade, by real renders and judge."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.chibi.artist import draw as render
from animegen.chibi.character import Character, characters
from animegen.evaluation.report import Report
from animegen.experiments import emotion_path
from animegen.experiments.emotion_path import FRAMES, rank_correlation
from animegen.tasks import EmotionPath
from tests.experiments.asking import Painter, silent_trial

Paint = Callable[[Character, EmotionPath], list[Image.Image]]


def steady(person: Character, task: EmotionPath) -> list[Image.Image]:
    """Return frames on which the last emotion grows."""
    felt = [replace(person, emotion=task.to_emotion[0], strength=number / (FRAMES - 1)) for number in range(FRAMES)]
    return [render(each, 128) for each in felt]


def sudden(person: Character, task: EmotionPath) -> list[Image.Image]:
    """Return frames that stand still but for one, where another character comes in."""
    first, *_, last = steady(person, task)
    other = replace(person, hair_colour="green" if person.hair_colour != "green" else "pink", seed=person.seed + 1)
    return [first] * (FRAMES - 2) + [render(other, 128), last]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Paint], Report]:
    def measured(paint: Paint) -> Report:
        monkeypatch.setattr(emotion_path, "REFERENCE", 60)
        painter = Painter(lambda task: paint(characters("test", task.seed, 1)[0], task))
        folder = tmp_path / paint.__name__
        return emotion_path.measure(silent_trial(painter, "emotion-path", 3, folder))

    return measured


def test_a_steady_path_rises_and_keeps_its_character(measured: Callable[[Paint], Report]) -> None:
    figures = measured(steady).figures
    assert figures["the end's logit rises, Spearman, median"].value > 0.9
    assert figures["kept, average of attributes"].value > 0.95
    assert figures["kept, average of attributes"].n == 3
    assert figures["the end's emotion is read at the end"].value == 1


def test_a_jump_is_seen(measured: Callable[[Paint], Report]) -> None:
    figures = measured(sudden).figures
    assert figures["paths without a step of 2.5 times the mean"].value == 0
    assert figures["paths without a step of 2.5 times the mean, cross-fade"].value > 0


def test_the_lines_of_a_cross_fade_are_faint(measured: Callable[[Paint], Report]) -> None:
    figures = measured(steady).figures
    name = "sharpness, between over ends"
    assert figures[name].value > 0.9
    assert figures[f"{name}, cross-fade"].value < 0.8


def test_paths_are_of_two_emotions_and_do_not_name_them() -> None:
    for seed in range(20):
        task = emotion_path.request(seed, characters("test", seed, 1)[0], "fast")
        assert task.from_emotion != task.to_emotion
        assert task.to_emotion[0] not in task.prompt


@pytest.mark.parametrize(("values", "correlation"), [([1.0, 2.0, 9.0], 1), ([3.0, 2.0, 1.0], -1)])
def test_ranks_count_and_sizes_do_not(values: list[float], correlation: float) -> None:
    assert rank_correlation(values) == pytest.approx(correlation)


def test_a_path_of_intensity_leads_from_a_neutral_face_to_one_emotion() -> None:
    task = emotion_path.request(3, characters("test", 3, 1)[0], "balanced", "intensity")
    assert task.from_emotion == task.to_emotion
    assert (task.from_strength, task.to_strength) == (0, 1)
