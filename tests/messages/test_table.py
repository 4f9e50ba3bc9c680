"""The tables themselves: every sentence in both languages, with the same values in both."""

import string

import pytest

from animegen.messages import LANGUAGES, table

IDS = sorted(table())


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", IDS)
def test_a_sentence_is_there_in_both_languages(key: str) -> None:
    assert set(table()[key]) == set(LANGUAGES)
    assert all(text.strip() for text in table()[key].values())


@pytest.mark.parametrize("key", IDS)
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    assert names(table()[key]["en"]) == names(table()[key]["ja"])
