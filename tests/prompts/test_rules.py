"""The content rules: shown on words that mean nothing, and by harmless prompts that all pass."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.chibi.character import characters
from animegen.chibi.exam import evaluation_prompt
from animegen.errors import InvalidRequest
from animegen.prompts import tables
from animegen.prompts.rules import Rules, fold, rules

RULES = Rules(minor=("alpha", "アルファ"), sexual=("omega", "two words"), suggestive=("sigma",), dressed=("delta",))
WRITTEN = Path(__file__).with_name("harmless.txt").read_text(encoding="utf-8").splitlines()
HARMLESS = [
    *WRITTEN,
    *(evaluation_prompt(person, random.Random(person.seed))[0] for person in characters("validation", 0, 200)),
][:300]


def refused(*wanted: str, negative: str = "", public: bool = False) -> bool:
    try:
        RULES.check(wanted, negative, public=public)
    except InvalidRequest:
        return True
    return False


@pytest.mark.parametrize("prompt", HARMLESS)
def test_a_harmless_prompt_passes_on_a_public_page(prompt: str) -> None:
    rules().check([prompt], "nsfw, worst quality", public=True)


def test_there_are_at_least_two_hundred_harmless_prompts() -> None:
    assert len(set(HARMLESS)) >= 200
    assert "1girl, school uniform, smile" in HARMLESS


@pytest.mark.parametrize("prompt", ["alpha, omega", "omega", "two_words"])
def test_a_public_page_refuses_a_sexual_word(prompt: str) -> None:
    assert refused(prompt, public=True)


def test_at_home_a_sexual_word_is_refused_only_beside_a_minor() -> None:
    assert not refused("omega")
    assert refused("omega, alpha")


def test_a_suggestive_word_is_refused_only_beside_a_minor() -> None:
    assert not refused("sigma", public=True)
    assert refused("sigma, alpha")


def test_a_minor_is_no_reason_to_refuse() -> None:
    assert not refused("alpha, smile", public=True)


def test_words_of_several_texts_are_read_together() -> None:
    assert refused("alpha", "omega")


def test_clothes_in_the_negative_prompt_are_read_with_the_prompt() -> None:
    assert refused("alpha", negative="bad hands, delta")
    assert not refused("gamma", negative="delta", public=True)


def test_what_the_negative_prompt_keeps_away_is_no_reason_to_refuse() -> None:
    assert not refused("alpha, smile", negative="omega, sigma", public=True)


@pytest.mark.parametrize(
    "spelling",
    [
        "OMEGA", "Omegas", "om\u200bega", "o m e g a", "o.m.e.g.a", "o-m_e g a", "0mega", "om3g4", "0M3G@", "oooomega",
        "ömégà", "ｏｍｅｇａ", "оmеgа", "οmεgα", "(omega:1.3)", "[omega]", '"omega"', "omega!", "my_omega_x",
        "two-words",
    ],
)  # fmt: skip
def test_a_hidden_spelling_is_read(spelling: str) -> None:
    assert refused(f"alpha, {spelling}")


@pytest.mark.parametrize(
    "age", ["12 years old", "12yo", "12-year-old", "9 y/o", "aged 17", "age 7", "１２歳", "7才", "twelve years old"]
)
def test_an_age_below_eighteen_is_a_minors(age: str) -> None:
    assert refused(f"1girl, {age}, omega")
    assert not refused(f"1girl, {age}", public=True)


@pytest.mark.parametrize("age", ["18 years old", "20yo", "112 years old", "30歳", "aged 45"])
def test_an_age_from_eighteen_is_not(age: str) -> None:
    assert not refused(f"1girl, {age}, omega")


def test_a_japanese_word_is_read_inside_a_sentence() -> None:
    assert refused("これはアルファの絵, omega")
    assert refused("ｱﾙﾌｧ, omega")


def test_a_word_inside_another_word_is_not_read() -> None:
    assert not refused("alphabet, omegaphone")


@pytest.mark.parametrize("kind", ["minor", "sexual", "suggestive", "dressed"])
def test_the_words_of_the_table_are_folded_so_that_they_can_be_met(kind: str) -> None:
    assert [word for word in tables.read("rules")[kind] if fold(word) != word] == []


def test_a_look_alike_stands_for_one_letter() -> None:
    alike = "".join(tables.read("rules")["look_alikes"].values())
    assert len(set(alike)) == len(alike)
    assert all(len(letter) == 1 for letter in tables.read("rules")["look_alikes"])


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    assert refused(text, negative=text) in (True, False)
