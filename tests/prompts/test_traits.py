"""Traits: what a prompt leaves open about a character."""

import pytest

from animegen.prompts import traits


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("1girl, blue hair", ["brown eyes", "pale skin", "short hair"]),
        ("1girl, bob cut, Blue_Eyes", ["pale skin"]),
        ("a blue-eyed, long-haired girl with tanned skin", []),
        ("1girl, tan, very long hair, standing, distant", ["brown eyes"]),
        ("2boys, standing, tank top, eyelashes", ["brown eyes", "pale skin", "short hair"]),
        ("blue eyes, tan, braids, boyish", ["1girl"]),
        ("girl with long green hair, blue eyes, tan", []),
    ],
)
@pytest.mark.parametrize("family", ["chibi", "general"])
def test_a_prompt_leaves_open_what_none_of_its_words_decides(text: str, left: list[str], family: str) -> None:
    assert [choices[0] for choices in traits.undecided(text, family)] == left


def test_each_choice_decides_its_trait() -> None:
    for trait in traits.traits():
        for family, choices in trait.choices.items():
            assert all(choices not in traits.undecided(choice, family, drawn=True) for choice in choices)


def test_of_a_drawing_of_its_own_the_outfit_is_open_too_where_no_word_names_one() -> None:
    said = "1girl, blue eyes, tan, bob cut"
    assert [choices[0] for choices in traits.undecided(said, "chibi", drawn=True)] == ["casual clothes"]
    for outfit in ("a hoodie", "school_uniform", "pajamas", "red dress", "knight armour"):
        assert traits.undecided(f"{said}, {outfit}", "chibi", drawn=True) == ()
    assert traits.undecided(said, "chibi") == ()


def test_of_what_may_be_worn_each_is_open_that_no_word_names() -> None:
    assert traits.unsaid("1girl, Cat_Ears, straw hat, glasses", "chibi") == (
        *("ribbon", "headphones", "earrings", "flower", "scarf"),
    )
