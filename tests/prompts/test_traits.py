"""Traits: what a prompt leaves open about a character."""

import pytest

from animegen.prompts import traits


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("1girl, blue hair", ["eyes", "skin"]),
        ("1girl, Blue_Eyes", ["skin"]),
        ("a blue-eyed girl with tanned skin", []),
        ("1girl, tan, standing, distant", ["eyes"]),
        ("1girl, standing, tank top, eyelashes", ["eyes", "skin"]),
    ],
)
@pytest.mark.parametrize("family", ["chibi", "general"])
def test_a_prompt_leaves_open_what_none_of_its_words_decides(text: str, left: list[str], family: str) -> None:
    assert [choices[0].split()[1] for choices in traits.undecided(text, family)] == left


def test_each_choice_decides_its_trait() -> None:
    for trait in traits.traits():
        for family, choices in trait.choices.items():
            assert all(len(traits.undecided(choice, family)) == 1 for choice in choices)
