"""Characters: their vocabulary, their split, and what of them can be seen."""

import random
from collections import Counter
from typing import Any, get_args

import pytest

from animegen.chibi.character import (
    CLOSED_EYES,
    USUAL_MARK,
    VOCABULARY,
    Character,
    Marks,
    characters,
    labels,
    sample,
    split,
)


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="hair_colour must be one of"):
        Character(hair_colour="rainbow")  # type: ignore[arg-type]


def test_one_head_wears_one_thing() -> None:
    with pytest.raises(ValueError, match="cannot wear cat_ears and hat"):
        Character(accessories=frozenset({"hat", "cat_ears"}))


@pytest.mark.parametrize("wrong", [{"strength": 1.1}, {"strength": float("nan")}, {"turn": -2}])
def test_a_number_outside_its_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="from"):
        Character(**wrong)  # type: ignore[arg-type]


def test_a_face_without_strength_is_neutral() -> None:
    assert labels(Character(emotion="angry", strength=0))["emotion"] == "neutral"


def test_a_weak_emotion_is_not_scored() -> None:
    assert labels(Character(emotion="angry", strength=0.3))["emotion"] is None


@pytest.mark.parametrize("emotion", CLOSED_EYES)
def test_eyes_that_are_shut_hide_colour_and_gaze(emotion: Any) -> None:
    shut = labels(Character(emotion=emotion, strength=CLOSED_EYES[emotion]))
    assert shut["eye_colour"] is None
    assert shut["gaze"] is None


@pytest.mark.parametrize("emotion", VOCABULARY["emotion"])
def test_eyes_that_are_open_show_colour_and_gaze(emotion: Any) -> None:
    shown = labels(Character(emotion=emotion, strength=0.4 if emotion in CLOSED_EYES else 1.0))
    assert shown["eye_colour"] == "blue"
    assert shown["gaze"] == "viewer"


def test_a_mark_is_a_label_of_its_own() -> None:
    assert labels(Character(emotion="sad", strength=1, marks="flame"))["marks"] == "flame"


def test_seven_characters_of_ten_have_no_mark() -> None:
    people = characters("train", 0, 2_000)
    assert 0.67 < sum(person.marks == "none" for person in people) / len(people) < 0.73


@pytest.mark.parametrize("emotion", USUAL_MARK)
def test_a_face_does_not_follow_from_its_mark(emotion: str) -> None:
    marked = [person for person in characters("train", 0, 4_000) if person.marks == USUAL_MARK[emotion]]
    assert sum(person.emotion == emotion for person in marked) < 0.5 * len(marked)


def test_a_mark_does_not_move_a_character_to_another_part() -> None:
    assert len({split(Character(marks=name)) for name in get_args(Marks)}) == 1


def test_a_hat_hides_buns_and_shows_twintails() -> None:
    hat = frozenset({"hat"})
    assert labels(Character(hair_style="buns", accessories=hat))["hair_style"] is None
    assert labels(Character(hair_style="twintails", accessories=hat))["hair_style"] == "twintails"


def test_the_parts_share_no_combination() -> None:
    train, test = (characters(part, 0, 300) for part in ("train", "test"))  # type: ignore[arg-type]
    assert all(split(character) == "train" for character in train)
    assert all(split(character) == "test" for character in test)


def test_eight_of_ten_combinations_are_for_training() -> None:
    rng = random.Random(0)
    parts = Counter(split(sample(rng)) for _ in range(3_000))
    assert 0.77 < parts["train"] / 3_000 < 0.83
    assert parts["test"] > 200
    assert parts["validation"] > 200


def test_the_same_seed_gives_the_same_characters() -> None:
    assert characters("test", 7, 5) == characters("test", 7, 5)


def test_every_word_is_sampled() -> None:
    people = characters("train", 0, 400)
    for name, words in VOCABULARY.items():
        assert {getattr(person, name) for person in people} == set(words)
