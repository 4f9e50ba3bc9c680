"""Negations of a prompt, moved to the negative prompt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.messages import message
from animegen.prompts import negation
from tests.prompts.writing import write


@pytest.mark.parametrize(
    ("typed", "text", "avoided"),
    [
        ("1girl, no glasses, without a hat", "1girl", ("glasses", "hat")),
        ("a girl without a hat with blue hair", "a girl with blue hair", ("hat",)),
        ("1girl, not happy, NOT wearing glasses", "1girl", ("happy", "glasses")),
        ("no hat or scarf, red hair", "red hair", ("hat", "scarf")),
        ("without glasses and a ribbon, smile", "smile", ("glasses", "ribbon")),
        ("no glasses and blue hair", "and blue hair", ("glasses",)),
        ("no_cat_ears, long_hair", "long hair", ("cat ears",)),
        ("no long blue hair, 1girl", "1girl", ("long blue hair",)),
        ("1girl, (hat:-1), (scarf:-0.5)", "1girl", ("hat", "scarf")),
    ],
)
@pytest.mark.parametrize("outfits", [True, False])
def test_negated_words_of_the_captions_are_avoided(
    typed: str, text: str, avoided: tuple[str, ...], outfits: bool
) -> None:
    found = negation.split(typed, outfits=outfits)
    assert (found.text, found.words) == (text, avoided)


@pytest.mark.parametrize("typed", ["no emotion", "no humans, nothing", "knot hat, noglasses", "1girl,  not a dragon"])
def test_any_other_negation_stays_as_typed(typed: str) -> None:
    assert negation.split(typed, outfits=True) == negation.Negated(typed)


def test_outfits_are_negated_for_chibi_only() -> None:
    assert write("1girl, no kimono", family="chibi").negated == ("no kimono",)
    assert write("1girl, no kimono", family="general").negated == ()


@pytest.mark.parametrize("family", ["chibi", "general"])
@pytest.mark.parametrize("field", ["prompt", "final_prompt"])
def test_a_negation_is_moved_to_the_negative_prompt_with_a_note(family: str, field: str) -> None:
    fields = {"prompt": "1girl", field: "1girl, no glasses, without a hat", "negative_prompt": "scarf"}
    prompt = write(family=family, **fields)
    assert "glasses" not in prompt.text
    assert "hat" not in prompt.text
    assert prompt.negative.startswith("scarf, glasses, hat")
    assert prompt.notes == (message("prompts.negated", words="no glasses, without a hat"),)


@pytest.mark.parametrize("part", ["no ", "no hat and ", "no a ", "(hat:-", "without "])
def test_ten_thousand_characters_of_negation_are_read(part: str) -> None:
    assert len(negation.split((part * 5_000)[:10_000], outfits=True).text) <= 10_000


PHRASES = st.sampled_from(
    ["1girl", "no", "without a", "hat", "and", "or", "glasses", ",", "blue hair", "not", "(scarf:-1)"]
)


@given(st.lists(PHRASES, max_size=12).map(" ".join), st.booleans())
def test_a_prompt_changes_exactly_where_it_has_a_negation(typed: str, outfits: bool) -> None:
    found = negation.split(typed, outfits=outfits)
    assert bool(found.typed) == bool(found.words) == (found.text != typed)
