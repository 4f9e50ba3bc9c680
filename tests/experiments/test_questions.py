"""What chibi is asked: unseen combinations, clear emotions, and words to avoid."""

import pytest

from animegen.chibi import exam
from animegen.chibi.character import VOCABULARY, labels, split
from animegen.experiments.questions import OPEN, avoidances, question, wording

QUESTIONS = [question("test", seed) for seed in range(200)]


def test_a_question_asks_for_a_combination_that_training_never_saw() -> None:
    assert {split(asked.character) for asked in QUESTIONS} == {"test"}


def test_a_question_asks_for_an_emotion_that_is_clear() -> None:
    assert all("emotion" in asked.stated and asked.character.strength >= 0.5 for asked in QUESTIONS)


def test_the_same_seed_asks_the_same() -> None:
    assert question("test", 7) == QUESTIONS[7]


def test_a_sentence_is_told_from_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences: set[str] = set()
    fill = exam.fill

    def filled(*parts):
        sentences.add(text := fill(*parts))
        return text

    monkeypatch.setattr(exam, "fill", filled)
    prompts = {question("validation", seed).prompt for seed in range(2_000)}
    assert {prompt for prompt in prompts if wording(prompt) == "sentence"} == sentences


def test_a_word_to_avoid_is_one_of_an_attribute_that_the_prompt_leaves_open() -> None:
    for one in avoidances(QUESTIONS):
        assert one.attribute in OPEN
        assert one.attribute not in one.question.stated
        assert one.word in VOCABULARY[one.attribute]
        assert one.negative
        assert one.negative not in one.question.prompt


def test_a_question_that_leaves_nothing_open_has_nothing_to_avoid() -> None:
    asked = {one.question for one in avoidances(QUESTIONS)}
    assert asked == {one for one in QUESTIONS if any(one.leaves_open(name) for name in OPEN)} != set(QUESTIONS)


def test_what_cannot_be_seen_is_not_open() -> None:
    asleep = next(asked for asked in QUESTIONS if asked.character.emotion == "sleepy")
    assert labels(asleep.character)["eye_colour"] is None
    assert not asleep.leaves_open("eye_colour")
