"""Negation: what a prompt rules out goes into the negative prompt, and is said."""

import pytest

from animegen.prompts import negation
from animegen.prompts.layers import compose
from animegen.tasks import TextToImage


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
@pytest.mark.parametrize("family", ["chibi", "general"])
def test_what_is_ruled_out_of_what_chibi_knows_is_avoided(
    typed: str, text: str, avoided: tuple[str, ...], family: str
) -> None:
    found = negation.split(typed, family)
    assert (found.text, found.words) == (text, avoided)


@pytest.mark.parametrize("typed", ["no emotion", "no humans, nothing", "knot hat, noglasses", "1girl,  not a dragon"])
def test_what_is_no_negation_of_what_chibi_knows_stays_as_typed(typed: str) -> None:
    assert negation.split(typed, "chibi") == negation.Negated(typed)


def test_clothes_are_ruled_out_for_chibi_alone() -> None:
    assert negation.split("1girl, no kimono", "chibi").words == ("kimono",)
    assert negation.split("1girl, no kimono", "general").words == ()


@pytest.mark.parametrize("family", ["chibi", "general"])
@pytest.mark.parametrize("field", ["prompt", "final_prompt"])
def test_a_negation_stands_in_the_negative_prompt_and_is_said(family: str, field: str) -> None:
    task = TextToImage(**{"prompt": "1girl", field: "1girl, no glasses, without a hat", "negative_prompt": "scarf"})
    prompt = compose(task, family=family, count=lambda text: len(text.split()))
    assert "glasses" not in prompt.text
    assert "hat" not in prompt.text
    assert prompt.negative.startswith("scarf, glasses, hat")
    said = "What the prompt rules out went into the negative prompt: no glasses, without a hat."
    assert said in prompt.notes


@pytest.mark.parametrize("part", ["no ", "no hat and ", "no a ", "(hat:-", "without "])
def test_ten_thousand_characters_of_negation_are_read(part: str) -> None:
    assert len(negation.split((part * 5_000)[:10_000], "chibi").text) <= 10_000
