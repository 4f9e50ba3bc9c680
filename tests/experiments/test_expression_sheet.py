"""The evaluation of sheets: a perfect one, the artist's own, and one that changes what it should keep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.chibi.character import ACCESSORIES, Character, characters
from animegen.evaluation.report import Report
from animegen.experiments import expression_sheet
from animegen.experiments.expression_sheet import EMOTIONS, KEPT, SHUT, kept, outside, rendered
from animegen.tasks import ExpressionSheet
from tests.experiments.asking import Painter, silent_trial

SIZE = 128


def person_of(task: ExpressionSheet) -> Character:
    return characters("test", task.seed, 1)[0]


def perfect(task: ExpressionSheet) -> list[Image.Image]:
    return rendered(person_of(task), SIZE)


def restless(task: ExpressionSheet) -> list[Image.Image]:
    """Return a sheet on which every other emotion has another background."""
    person = person_of(task)
    other = replace(person, background="night" if person.background != "night" else "white")
    return [
        elsewhere if number % 2 else image
        for number, (image, elsewhere) in enumerate(zip(perfect(task), rendered(other, SIZE), strict=True))
    ]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Report]:
    def measured(painter: Painter, count: int = 2) -> Report:
        folder = tmp_path / painter.paint.__name__
        return expression_sheet.measure(silent_trial(painter, "expression-sheet", count, folder))

    return measured


def test_a_perfect_sheet_scores_as_the_artists_own(measured: Callable[..., Report]) -> None:
    figures = measured(Painter(perfect)).figures
    assert figures["change outside, grey levels"].value < 0.5
    assert figures["kept, average of attributes"] == figures["kept, average of attributes, of the artist"]
    assert figures["emotion"].n == figures["kept, eye_colour"].n == 2


def test_what_does_not_keep_is_seen(measured: Callable[..., Report]) -> None:
    figures = measured(Painter(restless)).figures
    assert figures["change outside, grey levels"].value > 10
    assert figures["kept, background"].value < 0.7


def test_a_longer_run_goes_on_where_a_shorter_one_ended(measured: Callable[..., Report]) -> None:
    measured(Painter(perfect), count=1)
    longer = Painter(perfect)
    measured(longer, count=2)
    assert len(longer.tasks) == 1


def test_outside_is_where_no_emotion_changes_a_render() -> None:
    apart = outside(SIZE)
    assert apart[:4].all()
    assert apart[-10:].all()
    assert not apart[64:85, 50:78].any()


def reading(**words: str) -> dict[str, str]:
    return dict.fromkeys(KEPT, "same") | dict.fromkeys(ACCESSORIES, "no") | words


def test_an_accessory_counts_where_it_is_worn_and_an_absent_one_does_not() -> None:
    worn, bare = reading(hat="yes"), reading()
    figures = dict(kept([(worn, [("happy", worn), ("sad", bare)]), (bare, [("happy", bare), ("sad", bare)])]))
    assert (figures["kept, hat"].value, figures["kept, hat"].n) == (0.5, 1)
    assert figures["kept, scarf"].n == 0


def test_kept_is_an_average_over_attributes_not_over_answers() -> None:
    seen = [name for name in KEPT if name not in ACCESSORIES]
    lost = reading(**{seen[0]: "other"})
    figures = dict(kept([(reading(), [("happy", lost)])] * 3))
    assert figures["kept, average of attributes"].value == pytest.approx(1 - 1 / len(seen))


def test_closed_eyes_have_no_colour_to_be_kept() -> None:
    assert "sleepy" in SHUT
    figures = dict(kept([(reading(), [("sleepy", reading(eye_colour="other")), ("happy", reading())])]))
    assert figures["kept, eye_colour"].value == 1


def test_what_a_stranger_keeps_stands_beside_what_is_kept() -> None:
    people = [reading(), reading(hair_colour="other")]
    figures = dict(kept([(person, [("happy", person)]) for person in people]))
    assert figures["kept, average of attributes"].value == 1
    assert figures["kept by chance, average of attributes"].value < 1


def test_answers_of_one_character_do_not_narrow_the_interval() -> None:
    lost, held = reading(hair_colour="other"), reading()
    once = [(held, [("happy", held if number % 2 else lost)]) for number in range(20)]
    often = [(held, [(name, other[1]) for name in EMOTIONS]) for held, (other,) in once]
    one, many = (dict(kept(people))["kept, hair_colour"] for people in (once, often))
    assert (one.low, one.high) == pytest.approx((many.low, many.high))
