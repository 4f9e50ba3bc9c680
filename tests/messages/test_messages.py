"""The tables of sentences: both languages of each, the same values in both, and how they are filled in."""

import pickle

import pytest

from animegen.errors import InvalidRequest
from animegen.messages import LANGUAGES, message, render


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of two sentences."""
    found = {
        "toys.seed": {"en": "The seed is {seed}.", "ja": "シードは {seed} です。"},
        "toys.note": {"en": "Note: {note}", "ja": "注意：{note}"},
    }
    monkeypatch.setattr("animegen.messages.tables.table", lambda: found)


def test_a_message_is_shown_in_each_language_with_its_values() -> None:
    assert [render(message("toys.seed", seed=3), tongue) for tongue in LANGUAGES] == [
        "The seed is 3.",
        "シードは 3 です。",
    ]


def test_a_message_within_a_message_is_shown_in_the_same_language() -> None:
    assert render(message("toys.note", note=message("toys.seed", seed=3)), "ja") == "注意：シードは 3 です。"


def test_several_values_are_shown_as_a_list() -> None:
    assert render(message("toys.note", note=("a", message("toys.seed", seed=1))), "en") == "Note: a, The seed is 1."


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert render(message("toys.note", note="{seed}"), "en") == "Note: {seed}"


def test_equal_messages_are_one_in_a_set() -> None:
    assert len({message("toys.seed", seed=1), message("toys.seed", seed=1), message("toys.seed", seed=2)}) == 2


def test_an_error_says_its_sentence_in_english() -> None:
    assert str(InvalidRequest("toys.seed", seed=1)) == "The seed is 1."


def test_an_error_keeps_its_message_when_it_is_pickled() -> None:
    error = pickle.loads(pickle.dumps(InvalidRequest("toys.seed", seed=1)))  # noqa: S301 - our own
    assert error.message == message("toys.seed", seed=1)
