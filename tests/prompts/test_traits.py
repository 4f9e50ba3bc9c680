"""Traits of a character that a prompt does not specify."""

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
def test_a_trait_is_unspecified_that_no_word_of_the_prompt_decides(text: str, left: list[str], family: str) -> None:
    assert [choices[0] for choices in traits.unspecified(text, family)] == left


def test_each_choice_specifies_its_trait() -> None:
    for trait in traits.traits():
        for family, choices in trait.choices.items():
            assert all(choices not in traits.unspecified(choice, family, own_drawing=True) for choice in choices)


def test_the_outfit_is_a_trait_in_drawings_of_the_model_only() -> None:
    said = "1girl, blue eyes, tan, bob cut"
    assert [choices[0] for choices in traits.unspecified(said, "chibi", own_drawing=True)] == ["casual clothes"]
    for outfit in ("a hoodie", "school_uniform", "pajamas", "red dress", "knight armour"):
        assert traits.unspecified(f"{said}, {outfit}", "chibi", own_drawing=True) == ()
    assert traits.unspecified(said, "chibi") == ()


def test_each_accessory_is_unspecified_that_no_word_names() -> None:
    assert traits.unspecified_accessories("1girl, Cat_Ears, straw hat, glasses", "chibi") == (
        *("ribbon", "headphones", "earrings", "flower", "scarf"),
    )
