"""Figures of readings: another reading, another figure."""

from dataclasses import replace

import pytest

from animegen.chibi.character import ACCESSORIES, VOCABULARY, labels
from animegen.experiments import scores
from animegen.experiments.questions import OPEN, Question, avoidances, question

QUESTIONS = [question("test", seed) for seed in range(240)]


def right(asked: Question) -> dict[str, str]:
    shown = labels(asked.character)
    return {name: shown[name] or VOCABULARY[name][0] for name in shown}


def found(changes: dict[str, str], only: str = "") -> dict[str, float]:
    """Return the figures where all is read rightly but for the changes, in all prompts or those of one wording."""
    answers = [
        (asked, right(asked) | (changes if asked.wording == (only or asked.wording) else {})) for asked in QUESTIONS
    ]
    return {name: figure.value for name, figure in scores.figures(answers)}


ALL_RIGHT = found({})


def test_pictures_as_asked_for_are_all_right() -> None:
    assert all(ALL_RIGHT[name] == 1 for name in VOCABULARY)
    assert all(ALL_RIGHT[f"accessories, {name}"] == 1 for name in ("precision", "recall", "F1"))
    assert all(ALL_RIGHT[f"entropy of {name} where open, share of the data's"] == 1 for name in OPEN)


def test_an_average_is_over_attributes_and_chance_is_far_below_a_model_that_reads() -> None:
    assert ALL_RIGHT["average of attributes"] == 1
    assert 0.05 < ALL_RIGHT["average of attributes, by chance"] < 0.4
    assert found({"outfit": "none of them"})["average of attributes"] == pytest.approx(1 - 1 / len(VOCABULARY))


@pytest.mark.parametrize("name", VOCABULARY)
def test_a_wrong_attribute_moves_its_own_figure_and_no_other(name: str) -> None:
    wrong = found({name: "none of them"})
    assert wrong[name] == 0
    assert all(wrong[other] == 1 for other in VOCABULARY if other != name)


def test_a_model_that_draws_one_outfit_has_no_entropy() -> None:
    assert found({"outfit": "armor"})["entropy of outfit where open, share of the data's"] == 0


def test_a_model_that_draws_no_accessory_misses_them_all() -> None:
    bare = found(dict.fromkeys(ACCESSORIES, "no"))
    assert bare["accessories, recall"] == bare["accessories, F1"] == 0


def test_a_model_that_draws_every_accessory_is_not_precise() -> None:
    full = found(dict.fromkeys(ACCESSORIES, "yes"))
    assert full["accessories, recall"] == 1
    assert full["accessories, precision"] < 0.3


def test_an_accessory_that_the_prompt_left_out_is_neither_right_nor_wrong() -> None:
    wearing = next(asked for asked in QUESTIONS if asked.character.accessories)
    silent = replace(wearing, stated=wearing.stated - set(ACCESSORIES))
    figures = dict(scores.accessories([(silent, right(silent))]))
    assert figures["accessories, precision"].n == figures["accessories, recall"].n == 0


def test_sentences_drawn_worse_are_below_tags() -> None:
    worse = found({"emotion": "none of them"}, only="sentence")
    assert worse["stated and right, prompts of tags"] == 1
    assert worse["stated and right, sentences less tags"] == worse["stated and right, prompts in sentences"] - 1 < 0


def negated(before: bool, after: bool) -> dict[str, float]:
    """Return the figures when the negated word is drawn or not, without and with the negative prompt."""
    asked = list(avoidances(QUESTIONS))
    plain, without = (
        [right(one.question) | {one.attribute: one.word if drawn else "another"} for one in asked]
        for drawn in (before, after)
    )
    seeds = [one.question.seed for one in asked]
    return {name: figure.value for name, figure in scores.avoided(asked, dict(zip(seeds, plain, strict=True)), without)}


def test_a_negative_prompt_that_acts_makes_its_word_rare() -> None:
    figures = negated(before=True, after=False)
    assert figures["a negated word is drawn"] == figures["a negated word stays, where it was drawn before"] == 0
    assert figures["a negated word is drawn, had it not been negated"] == 1


def test_a_negative_prompt_that_does_nothing_shows() -> None:
    assert negated(before=True, after=True)["a negated word stays, where it was drawn before"] == 1
