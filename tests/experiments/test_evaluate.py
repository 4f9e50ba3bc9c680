"""The evaluation: its questions, its figures, and how it goes on after a stop."""

import json
from pathlib import Path

import pytest

from animegen.chibi.character import VOCABULARY, labels, split
from animegen.errors import EvaluationFailed
from animegen.experiments.evaluate import Question, figures, question, resumed

QUESTIONS = [question("test", seed) for seed in range(40)]
RUN = {"weights": "abc", "preset": "balanced", "split": "test"}


def right(asked: Question) -> dict[str, str]:
    shown = labels(asked.character)
    return {name: shown[name] or VOCABULARY[name][0] for name in shown}


def wrong_hair(asked: Question) -> dict[str, str]:
    return right(asked) | {"hair_colour": "none of them"}


def found(read: list[dict[str, str]]) -> dict[str, float]:
    return {name: figure.value for name, figure in figures(QUESTIONS, read)}


def test_a_question_asks_for_a_combination_that_training_never_saw() -> None:
    assert {split(asked.character) for asked in QUESTIONS} == {"test"}


def test_a_question_asks_for_an_emotion_that_is_clear() -> None:
    assert all("emotion" in asked.stated and asked.character.strength >= 0.5 for asked in QUESTIONS)


def test_the_same_seed_asks_the_same() -> None:
    assert question("test", 7) == QUESTIONS[7]


def test_pictures_as_asked_for_are_all_right() -> None:
    values = found([right(asked) for asked in QUESTIONS])
    assert all(values[name] == 1 for name in VOCABULARY)


def test_wrong_hair_moves_the_figure_of_hair_and_no_other() -> None:
    all_right, wrong = (found([read(asked) for asked in QUESTIONS]) for read in (right, wrong_hair))
    assert wrong["hair_colour"] == 0
    assert all(wrong[name] == all_right[name] for name in VOCABULARY if name != "hair_colour")


def test_a_model_that_draws_one_outfit_has_no_entropy() -> None:
    values = found([right(asked) | {"outfit": "armor"} for asked in QUESTIONS])
    assert values["entropy of outfit where open, share of the data's"] == 0


def test_what_was_read_before_a_stop_is_not_drawn_again(tmp_path: Path) -> None:
    drawn: list[int] = []

    def read(asked: Question) -> dict[str, str]:
        if len(drawn) == 10:
            raise KeyboardInterrupt
        drawn.append(asked.seed)
        return right(asked)

    with pytest.raises(KeyboardInterrupt):
        list(resumed(QUESTIONS, read, tmp_path, RUN, lambda _: None))
    again = list(resumed(QUESTIONS, right, tmp_path, RUN, lambda _: None))
    lines = [json.loads(line)["seed"] for line in (tmp_path / "readings.jsonl").read_text().splitlines()]
    assert lines == [asked.seed for asked in QUESTIONS]
    assert again == [right(asked) for asked in QUESTIONS]


def test_readings_of_other_weights_are_refused(tmp_path: Path) -> None:
    list(resumed(QUESTIONS[:2], right, tmp_path, RUN, lambda _: None))
    with pytest.raises(EvaluationFailed, match="another run"):
        list(resumed(QUESTIONS, right, tmp_path, RUN | {"weights": "xyz"}, lambda _: None))
