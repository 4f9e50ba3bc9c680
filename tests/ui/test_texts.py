import string

import gradio as gr
import pytest

from animegen.messages import table
from animegen.ui import texts


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
