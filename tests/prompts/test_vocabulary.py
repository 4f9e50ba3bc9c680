"""Vocabularies: what each family of models understands."""

from hypothesis import given
from hypothesis import strategies as st

from animegen.prompts.vocabulary import find_vocabulary

CHIBI = find_vocabulary("chibi")


@given(st.text(max_size=200))
def test_an_open_vocabulary_understands_everything(text: str) -> None:
    vocabulary = find_vocabulary("general")
    assert vocabulary.understand(text, ()) == (vocabulary.rephrase(text), ()) == (text, ())


@given(st.text(max_size=200))
def test_chibi_understands_all_of_what_it_understood(text: str) -> None:
    understood, _ = CHIBI.understand(text, ())
    assert CHIBI.understand(understood, ()) == (understood, ())
