"""Fitting a prompt to the token limit: what is dropped, and what is not read."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from animegen.prompts.brief import Brief
from animegen.prompts.composition import compose
from animegen.prompts.prompt import LAYERS, USER_LAYERS, Prompt, Word
from animegen.prompts.token_limit import fit
from animegen.prompts.vocabulary import find_vocabulary
from tests.prompts.writing import count, texts, write

LAYERED = st.lists(st.sampled_from(LAYERS), max_size=12).map(sorted)


def prompt_of(layers: list[str]) -> Prompt:
    """Return a prompt of one word for each layer."""
    words = [Word(f"w{number}", layer) for number, layer in enumerate(sorted(layers, key=LAYERS.index))]
    user_text = ", ".join(word.text for word in words if word.layer in USER_LAYERS)
    return Prompt(user_text=user_text, negative="", words=tuple(words))


def test_quality_is_dropped_first_then_style_then_emotion_and_the_users_words_never() -> None:
    fields = {"emotion": "happy", "style": "watercolor"}
    layers = [{word.layer for word in write(limit=limit, **fields).words} for limit in range(40)]
    order = ["prompt", "emotion", "style", "quality"]
    assert all(found == set(order[: len(found)]) for found in layers)
    assert [len(found) for found in layers] == sorted(len(found) for found in layers)
    assert {len(found) for found in layers} == {1, 2, 3, 4}


def test_the_users_words_beyond_the_limit_stay_in_the_text_and_are_unread() -> None:
    prompt = write("one, two, three, four, five", limit=3)
    assert prompt.text == "one, two, three, four, five"
    assert texts(prompt.unread) == ["four", "five"]


def test_a_prompt_within_the_limit_stays_as_it_is() -> None:
    prompt = compose(Brief(prompt="1girl", emotion="happy"), find_vocabulary("chibi"), {})
    assert fit(prompt, count, limit=75) == prompt


@given(LAYERED, st.integers(0, 12))
def test_no_word_is_lost_and_the_rest_fits_where_it_can(layers: list[str], limit: int) -> None:
    prompt = prompt_of(layers)
    fitted = fit(prompt, count, limit)
    assert (*fitted.words, *fitted.dropped) == prompt.words
    assert count(fitted.text) <= max(limit, len(prompt.own))
    assert len(fitted.unread) == max(len(prompt.own) - limit, 0)


@given(LAYERED, st.integers(0, 12))
def test_fitting_again_drops_nothing_more(layers: list[str], limit: int) -> None:
    fitted = fit(prompt_of(layers), count, limit)
    assert fit(fitted, count, limit) == replace(fitted, dropped=())


def test_a_long_prompt_costs_few_counts() -> None:
    calls = []

    def counted(text: str) -> int:
        calls.append(text)
        return count(text)

    prompt = compose(Brief(prompt=", ".join(["word"] * 650), emotion="happy"), find_vocabulary("general"), {})
    fit(prompt, counted, 75)
    assert len(calls) < 40
