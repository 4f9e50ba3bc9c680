"""Notes: what is said of a prompt before it is drawn."""

from typing import Any

import pytest

from animegen.messages import message, render
from animegen.prompts.notes import shorten
from tests.prompts.writing import notes, texts, write


def test_dropped_words_are_named() -> None:
    prompt = write(limit=4, emotion="happy", emotion_strength=0.6, quality="draft")
    assert texts(prompt.dropped) == ["smile", "joyful expression"]
    assert prompt.notes == (message("prompts.dropped", limit=4, words="smile, joyful expression"),)


def test_unread_words_are_named() -> None:
    prompt = write("one, two, three, four, five", limit=3, quality="draft")
    assert prompt.notes == (message("prompts.unread", limit=3, words="four, five"),)


def test_a_prompt_within_the_limit_has_no_notes() -> None:
    assert write(emotion="happy").notes == ()


def test_a_quality_level_without_tags_has_a_note_for_chibi() -> None:
    prompt = write(family="chibi", quality="high")
    assert (prompt.quality, notes(prompt)) == ((), ["no_quality_tags"])


def test_the_default_quality_has_no_note() -> None:
    assert write(family="chibi").notes == ()


def test_words_that_chibi_does_not_know_are_named() -> None:
    prompt = write("1girl, riding a dragon", family="chibi")
    assert prompt.unknown == ("riding", "dragon")
    assert prompt.notes == (message("prompts.unknown", words="riding, dragon"),)


@pytest.mark.parametrize("typed", ["😀", "桜", "no", "l0ng", "[hat:scarf:0.5]", "{hat|scarf}", "AND", "(hat:-1)"])
@pytest.mark.parametrize("field", ["prompt", "final_prompt"])
def test_what_has_no_effect_is_named_as_typed(typed: str, field: str) -> None:
    prompt = write(**{"prompt": "1girl", field: f"1girl, {typed}"}, family="chibi")
    assert any(dict(note.values)["words"] == typed for note in prompt.notes)


@pytest.mark.parametrize("family", ["chibi", "general"])
def test_weights_without_effect_are_one_note(family: str) -> None:
    prompt = write("1girl, (blue hair:1.3), ((hat))", family=family, negative_prompt="(scarf:1.2)")
    assert prompt.notes == (message("prompts.weights", words="(blue hair:1.3), ((hat)), (scarf:1.2)"),)


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"prompt": "blue " * 600, "limit": 10}, 590),
        ({"prompt": ", ".join(["blue"] * 600), "limit": 10}, 580),
        ({"prompt": " ".join(f"x{number}" for number in range(600))}, 590),
        ({"prompt": "1girl", "negative_prompt": " ".join(f"x{number}" for number in range(600))}, 590),
        ({"prompt": ", ".join(["no hat"] * 300)}, 590),
    ],
)
def test_a_note_lists_ten_words_and_the_number_of_the_others(fields: dict[str, Any], more: int) -> None:
    (note,) = write(**fields, family="chibi").notes
    assert f" and {more} more" in render(note, "en")
    assert f" ほか {more} 語" in render(note, "ja")
    assert len(str(note)) < 250


def test_of_a_very_long_word_a_note_shows_the_beginning() -> None:
    (note,) = write("桜" * 3_000, family="chibi").notes
    assert len(str(note)) < 150


def test_a_short_list_is_shown_as_it_is() -> None:
    assert shorten(["blue hair", "hat"]) == "blue hair, hat"
