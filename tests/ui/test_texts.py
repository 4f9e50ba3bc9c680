import re
import string

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.messages import table
from animegen.ui import texts, translation


def asking(header: str) -> gr.Request:
    return gr.Request(headers={"accept-language": header})


@pytest.mark.parametrize(
    ("header", "tongue"),
    [
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("en-US,en;q=0.9,ja;q=0.8", "en"),
        ("en;q=0.5, ja;q=0.9", "ja"),
        ("fr-FR,fr;q=0.9", "en"),
        ("fr,ja;q=0.3", "ja"),
        ("", "en"),
        ("ja;q=1.2.3;;,,,=", "en"),
        ("*", "en"),
    ],
)
def test_the_language_is_the_one_the_browser_prefers_of_the_two(header: str, tongue: str) -> None:
    assert texts.language_of(asking(header)) == tongue


def test_a_script_without_a_request_is_answered_in_english() -> None:
    assert texts.language_of(None) == "en"


def test_every_text_stands_in_both_languages() -> None:
    assert {key for key, text in table().items() if set(text) != {"en", "ja"} or not all(text.values())} == set()


def test_both_languages_of_a_text_are_filled_with_the_same_names() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert [key for key, text in table().items() if names(text["en"]) != names(text["ja"])] == []


def test_a_sentence_of_the_floors_below_is_said_in_japanese_with_its_values() -> None:
    sentence = "The number of steps is 999; choose a whole number from 1 to 150, or 0 for the preset's."
    assert translation.translate(sentence, "ja") == ("ステップ数が 999 です。1〜150 の整数（0 は自動）にしてください。")


def test_a_sentence_that_the_table_does_not_know_stays_as_it_is() -> None:
    assert translation.translate("Nobody wrote this down.", "ja") == "Nobody wrote this down."


@pytest.mark.parametrize(
    "entry",
    [entry for entry in translation.sentences() if len(entry.between) > 2],
    ids=lambda each: "…".join(each.between)[:60],
)
def test_a_sentence_that_repeats_another_is_translated_in_bounded_time(entry: translation.Sentence) -> None:
    """A visitor's own words stand in sentences; a pattern that goes back for each of them would need hours."""
    piece = "x".join(entry.between[:-1])
    words = f"{piece[:200]}x" * (4_000 // len(piece))
    said = f"The negative prompt is longer than the model reads; its end does nothing: {words}"
    assert words[:20] in translation.translate(said, "ja")
    assert translation.translate(f"{entry.between[0]}{words}", "ja")


@given(st.lists(st.text("ab:; "), min_size=2, max_size=5), st.text("ab:; ", max_size=30))
def test_a_pattern_finds_what_a_regular_expression_finds(between: list[str], sentence: str) -> None:
    pattern = "(.+?)".join(map(re.escape, between))
    found = re.fullmatch(pattern, sentence, re.DOTALL)
    assert translation.Sentence(tuple(between), (), "").filled(sentence) == (list(found.groups()) if found else None)


def test_an_english_visitor_reads_the_sentence_itself() -> None:
    assert translation.translate("The seed", "en") == "The seed"
