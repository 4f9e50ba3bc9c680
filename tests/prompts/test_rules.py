"""The content rules: shown on words that mean nothing, and by harmless prompts that all pass."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.chibi.exam import table
from animegen.errors import InvalidRequest
from animegen.prompts import tables
from animegen.prompts.rules import JAPANESE, Rules, fold, rules

RULES = Rules(minor=("alpha", "アルファ"), sexual=("omega", "two words"), suggestive=("sigma",), dressed=("delta",))
KATAKANA = re.compile(r"[\u30a0-\u30ff]")
WRITTEN = Path(__file__).with_name("harmless.txt").read_text(encoding="utf-8").splitlines()
HARMLESS = [
    *WRITTEN,
    *(prompt["text"] for section in table().values() for prompt in section),
]


def refused(*wanted: str, negative: str = "", public: bool = False, rules: Rules = RULES) -> bool:
    try:
        rules.check(wanted, negative, public=public)
    except InvalidRequest:
        return True
    return False


@pytest.mark.parametrize("prompt", HARMLESS)
def test_a_harmless_prompt_passes_on_a_public_page(prompt: str) -> None:
    rules().check([prompt], "nsfw, worst quality", public=True)


def test_there_are_at_least_four_hundred_harmless_prompts_of_artists() -> None:
    assert len(set(WRITTEN)) == len(WRITTEN) >= 400
    assert len(set(HARMLESS)) >= 500
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
        "two-words", "om-ega", "om.ega", "om_ega", "om*ega", "om/ega", "om'e'ga", "o-m-e-g-a", "0-m-3-g-4",
        "om\u00adega", "om\u3164ega", "om\u115fega", "om\u200d\u200cega", "om\U000e0061ega", "o\ufe0fm\ufe0fega",
        "o\u20ddmega", "o\u0336m\u0336e\u0336ga", "\u202eomega\u202c", "\u2066om\u2069ega", "ｏ　ｍ　ｅ　ｇ　ａ",
        "ømegɑ", "ᴏᴍᴇɢᴀ", "🇴🇲🇪🇬🇦", "🅾🅼🅴🅶🅰", "🅞🅜🅔🅖🅐", "ⓄⓜⓔⓖⒶ", "⒪⒨⒠⒢⒜", "𝓸𝓶𝓮𝓰𝓪", "𝕆𝕄𝔼𝔾𝔸",
        "oMeGa-like", "omega\n", "a\tomega\ta", "omegaaaaa", "OOOMEGA", "omega<lora:x:1>",
    ],
)  # fmt: skip
def test_a_hidden_spelling_is_read(spelling: str) -> None:
    assert refused(f"alpha, {spelling}")


@pytest.mark.parametrize(
    "age",
    [
        "12 years old",
        "12yo",
        "12-year-old",
        "9 y/o",
        "aged 17",
        "age 7",
        "１２歳",
        "7才",
        "twelve years old",
        "age: 7",
        "age of 9",
        "12 yrs. old",
        "12_years_old",
        "6 months old",
        "three weeks old",
        "under 18",
        "below eighteen",
        "十二歳",
        "七才",
        "十歳",
        "一歳",
        "十七さい",
        "7 歳",
        "⑦歳",
        "１２ years old",
        "𝟙𝟚 years old",
        "tw3lve years old",
    ],
)
def test_an_age_below_eighteen_is_a_minors(age: str) -> None:
    assert refused(f"1girl, {age}, omega")
    assert not refused(f"1girl, {age}", public=True)


@pytest.mark.parametrize(
    "age",
    [
        "18 years old",
        "20yo",
        "112 years old",
        "30歳",
        "aged 45",
        "十八歳",
        "二十歳",
        "二十一歳",
        "百十歳",
        "三十才",
        "over 18",
    ],
)
def test_an_age_from_eighteen_is_not(age: str) -> None:
    assert not refused(f"1girl, {age}, omega")


def test_a_japanese_word_is_read_inside_a_sentence() -> None:
    assert refused("これはアルファの絵, omega")
    assert refused("ｱﾙﾌｧ, omega")
    assert refused("ア・ル・フ・ァ, omega")
    assert refused("ア ル フ ァ, omega")
    assert refused("アル\u200bファ、omega")


@pytest.mark.parametrize(
    "spelling",
    ["OmegaGirl", "girlOmega", "omega1", "omega007", "2omega", "1girl2omega3", "ＧｉｒｌＯｍｅｇａ", "my_OmegaPicture"],
)
def test_a_word_that_is_run_together_with_another_or_with_a_number_is_read(spelling: str) -> None:
    assert refused(f"alpha, {spelling}")
    assert refused(spelling, public=True)


@pytest.mark.parametrize(
    "spelling", ["alphaomega", "omegaalpha", "AlphaOmega", "alphasomega", "ALPHAOMEGA", "alpha0mega"]
)
def test_two_words_of_the_rules_that_are_run_together_are_both_read(spelling: str) -> None:
    assert refused(spelling)


def test_commas_and_brackets_part_words() -> None:
    assert not refused("alpha, om,ega, o(mega), om:ega, om、ega", public=True)


def test_a_word_inside_another_word_is_not_read() -> None:
    assert not refused("alphabet, omegaphone")


# Harmless phrases

PASSED = replace(RULES, harmless=("omega fruit", "アルファベット"), harmless_if_grown=("omega tree",))


@pytest.mark.parametrize("prompt", ["omega fruit", "Omega-Fruits", "two omega_fruits", "an omega tree", "OMEGA TREES"])
def test_a_harmless_phrase_is_passed_over(prompt: str) -> None:
    assert not refused(prompt, rules=PASSED, public=True)


@pytest.mark.parametrize(
    "prompt",
    [
        "omega, fruit",
        "(omega:1.2) fruit",
        "[omega] fruit",
        "omega\nfruit",
        "omega. fruit",
        "omega | fruit",
        "fruit omega",
    ],
)
def test_words_that_are_parted_by_more_than_spaces_are_no_phrase(prompt: str) -> None:
    assert refused(prompt, rules=PASSED, public=True)


@pytest.mark.parametrize("prompt", ["omega fruit, omega", "omega fruity", "omega omega fruit", "omega fruit omega"])
def test_what_stands_beside_a_harmless_phrase_is_read(prompt: str) -> None:
    assert refused(prompt, rules=PASSED, public=True)


def test_what_is_harmless_if_grown_is_refused_beside_a_minor() -> None:
    assert not refused("alpha, omega fruit", rules=PASSED)
    assert refused("alpha, omega tree", rules=PASSED)


def test_a_japanese_phrase_stands_alone_in_its_own_letters() -> None:
    assert not refused("アルファベットの本, omega", rules=PASSED)
    assert refused("アルファベットアルファ, omega", rules=PASSED)
    assert refused("カアルファベット, omega", rules=PASSED)


def test_a_phrase_is_not_passed_over_where_another_word_reaches_into_it() -> None:
    made = replace(RULES, minor=("あアル",), sexual=("ルファ",), harmless=("アルファ",))
    assert not refused("いアルファ", rules=made, public=True)
    assert refused("あアルファ", rules=made)


TABLE = rules()
WORDS = (*TABLE.minor, *TABLE.sexual, *TABLE.suggestive)
PHRASES = (*TABLE.harmless, *TABLE.harmless_if_grown)
STRICT = replace(TABLE, minor=(), sexual=WORDS, suggestive=())
"""Refuses every word of the table on a public page."""


def whole(text: str, word: str) -> bool:
    """Say whether a word stands in a text: within others where it is Japanese, else whole."""
    return word in text if JAPANESE.search(word) else any(f" {word}{end} " in f" {text} " for end in ("", "s", "es"))


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_harmless_phrase_of_the_table_is_needed_and_hides_nothing_beside_it(phrase: str) -> None:
    assert [word for word in WORDS if whole(phrase, word)]
    assert not refused(phrase, rules=STRICT, public=True)
    for word in random.Random(phrase).sample(WORDS, 12):
        beside = [f"{word} {phrase}", f"{phrase} {word}", f"{phrase}, {word}, {phrase}"]
        beside += [f"{word}{phrase}", f"{phrase}{word}"] if JAPANESE.search(word) else []
        assert [text for text in beside if not refused(text, rules=STRICT, public=True)] == []


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_word_that_runs_into_a_harmless_phrase_of_the_table_is_read(phrase: str) -> None:
    ends = [(word, word[:at], word[at:]) for word in WORDS for at in range(1, len(word))]
    joined = [(word, first + phrase) for word, first, last in ends if phrase.startswith(last)]
    joined += [(word, phrase + last) for word, first, last in ends if phrase.endswith(first)]
    hidden = [text for word, text in joined if whole(text, word) and not refused(text, rules=STRICT, public=True)]
    assert hidden == []


@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES if " " in phrase])
def test_tags_are_no_phrase_of_the_table(phrase: str) -> None:
    words = phrase.split()
    parted = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    tags = [pair for pair in parted if any(whole(text, word) for text in pair for word in WORDS)]
    assert tags
    assert [pair for pair in tags if not refused(", ".join(pair), rules=STRICT, public=True)] == []


@pytest.mark.parametrize("before", ["アリ", "ドレス", "一", "美", "少", "彼"])
@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES if JAPANESE.search(phrase)])
def test_a_japanese_phrase_of_the_table_is_none_where_its_letters_go_on(phrase: str, before: str) -> None:
    if bool(KATAKANA.match(before)) == bool(KATAKANA.match(phrase)):
        assert refused(before + phrase, rules=STRICT, public=True)


@pytest.mark.parametrize("kind", ["minor", "sexual", "suggestive", "dressed", "harmless", "harmless_if_grown"])
def test_the_words_of_the_table_are_folded_so_that_they_can_be_met(kind: str) -> None:
    assert [word for word in tables.read("rules")[kind] if fold(word) != word] == []


def test_a_look_alike_stands_for_one_letter() -> None:
    alike = "".join(tables.read("rules")["look_alikes"].values())
    assert len(set(alike)) == len(alike)
    assert all(len(letter) == 1 for letter in tables.read("rules")["look_alikes"])


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    assert refused(text, negative=text) in (True, False)
