"""The prompt as a value."""

import pickle

import pytest

from animegen.messages import LANGUAGES, render
from animegen.prompts.prompt import LAYERS, Prompt, Word
from tests.prompts.writing import texts, write

PROMPT = Prompt(
    user_text="1girl,  hat",
    negative="",
    words=(Word("1girl", "prompt"), Word("hat", "prompt"), Word("inky", "lora", lora="ink"), Word("happy", "emotion")),
)


def test_the_text_is_the_users_as_typed_between_triggers_and_the_words_of_pickers() -> None:
    assert PROMPT.text == "inky, 1girl,  hat, happy"


def test_the_words_of_a_prompt_without_user_text_are_its_text() -> None:
    assert Prompt(user_text="", negative="", words=(Word("happy", "emotion"),)).text == "happy"


def test_words_have_the_weight_one_unless_they_have_another() -> None:
    assert {word.weight for word in PROMPT.words} == {1.0}


def test_the_character_is_the_users_words_and_the_triggers() -> None:
    assert texts(PROMPT.character) == ["1girl", "hat", "inky"]


def test_a_prompt_is_pickled_and_hashed_by_its_value() -> None:
    prompt = write("1girl, no hat, (scarf:1.2), dragon", family="chibi", emotion="happy", limit=3)
    assert prompt.notes
    assert {pickle.loads(pickle.dumps(prompt)), prompt} == {prompt}  # noqa: S301 - our own


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_layer_has_a_name(layer: str, language: str) -> None:
    assert not render(Word("hat", layer).source, language).startswith("prompts.")


def test_the_source_of_a_trigger_names_its_lora() -> None:
    assert render(Word("inky", "lora", lora="ink").source) == "LoRA ink"
