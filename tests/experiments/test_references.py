"""Renders that a question allows: what is stated stays, the rest is filled by chance."""

from animegen.chibi.character import ON_HEAD, VOCABULARY
from animegen.experiments.questions import question
from animegen.experiments.references import fill

QUESTIONS = [question("test", seed) for seed in range(150)]


def test_what_a_prompt_states_is_kept() -> None:
    for asked in QUESTIONS:
        person = fill(asked, "reference")
        for name in asked.stated & set(VOCABULARY):
            assert getattr(person, name) == getattr(asked.character, name)
        assert (person.accessories ^ asked.character.accessories) & asked.stated == set()
        if "emotion" in asked.stated:
            assert person.strength == asked.character.strength


def test_what_is_left_open_is_filled_otherwise_by_another_chance_and_the_same_by_the_same() -> None:
    one, other, again = ([fill(asked, name) for asked in QUESTIONS] for name in ("one", "other", "one"))
    assert one == again
    assert all(left.seed != right.seed for left, right in zip(one, other, strict=True))
    open_hair = [number for number, asked in enumerate(QUESTIONS) if asked.leaves_open("hair_colour")]
    assert len({one[number].hair_colour for number in open_hair}) > 5


def test_as_many_accessories_are_worn_as_by_the_questions_character() -> None:
    for asked in QUESTIONS:
        assert len(fill(asked, "reference").accessories) == len(asked.character.accessories)


def test_one_head_carries_one_thing() -> None:
    assert all(len(fill(asked, "reference").accessories & ON_HEAD) <= 1 for asked in QUESTIONS)
