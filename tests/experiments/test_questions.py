"""What chibi is asked: every prompt of the examination in turn, clear emotions, and words to avoid."""

import re

from animegen.chibi.character import NEUTRAL, VOCABULARY, labels
from animegen.chibi.exam import prompts
from animegen.experiments.questions import OPEN, avoidances, question

QUESTIONS = [question("test", seed) for seed in range(240)]


def test_seeds_in_a_row_ask_every_prompt_before_one_comes_again() -> None:
    count = len(prompts("test"))
    assert {question("test", 1_000 + seed).prompt for seed in range(count)} == {one.text for one in prompts("test")}


def test_the_same_prompt_is_asked_again_of_another_character() -> None:
    first, second = (question("test", seed) for seed in (0, len(prompts("test"))))
    assert first.prompt == second.prompt
    assert first.character != second.character


def test_a_stated_emotion_is_clear() -> None:
    stated = [asked.character for asked in QUESTIONS if "emotion" in asked.stated]
    assert all(labels(character)["emotion"] for character in stated)
    assert NEUTRAL in {labels(character)["emotion"] for character in stated}


def test_the_same_seed_asks_the_same() -> None:
    assert question("test", 7) == QUESTIONS[7]


def test_a_word_to_avoid_is_one_of_an_attribute_that_the_prompt_leaves_open() -> None:
    for one in avoidances(QUESTIONS):
        assert one.attribute in OPEN
        assert one.attribute not in one.question.stated
        assert one.word in VOCABULARY[one.attribute]
        assert one.negative
        assert not re.search(rf"\b{one.negative}\b", one.question.prompt)


def test_a_question_that_leaves_nothing_open_has_nothing_to_avoid() -> None:
    asked = {one.question for one in avoidances(QUESTIONS)}
    assert asked == {one for one in QUESTIONS if any(one.leaves_open(name) for name in OPEN)} != set(QUESTIONS)


def test_what_cannot_be_seen_is_not_open() -> None:
    asleep = next(asked for asked in QUESTIONS if asked.character.emotion == "sleepy")
    assert labels(asleep.character)["eye_colour"] is None
    assert not asleep.leaves_open("eye_colour")
