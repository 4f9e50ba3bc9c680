"""Emotions in the words of a prompt: found in every wording, with their degree."""

import pytest

from animegen.chibi.wordings import table
from animegen.prompts.emotions import emotions, remove_emotions


@pytest.mark.parametrize(
    ("typed", "left", "felt"),
    [
        ("angry 1girl, blue hair", "1girl, blue hair", ("angry",)),
        ("a very sad girl with a happy face, hat", "a girl, hat", ("very sad", "with a happy face")),
        ("1girl, not happy, Half_Asleep", "1girl", ("not happy", "Half Asleep")),
        ("sleepy", "", ("sleepy",)),
    ],
)
def test_the_words_of_an_emotion_are_removed_from_a_prompt(typed: str, left: str, felt: tuple[str, ...]) -> None:
    assert remove_emotions(typed) == (left, felt)


@pytest.mark.parametrize("typed", ["1girl,  blue_hair", "crossing the street", "madly, sadistic, unsmiling"])
def test_a_prompt_without_an_emotion_stays_as_typed(typed: str) -> None:
    assert remove_emotions(typed) == (typed, ())


def test_every_wording_of_every_emotion_is_known() -> None:
    words = [phrase for row in table()["emotion"].values() for form in row.values() for phrase in form]
    words += [
        phrase for row in emotions().values() for band in row.bands.get("general", {}).values() for phrase in band
    ]
    assert [word for word in words if remove_emotions(f"1girl, {word}, hat")[0] != "1girl, hat"] == []
