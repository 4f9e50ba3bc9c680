import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.prompts import syntax
from animegen.prompts.syntax import without_loras


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1girl, <lora:ink:0.8>, smile", "1girl, smile"),
        ("<lora:ink:0.8>, 1girl", "1girl"),
        ("1girl, smile <lora:ink:0.8>", "1girl, smile"),
        ("1girl <lora:ink:0.8>, smile", "1girl, smile"),
        ("1girl <lora:ink:0.8> smile", "1girl smile"),
        ("1girl, <lora:ink:0.8><lora:ink:0.8>, smile", "1girl, smile"),
    ],
)
def test_a_lora_is_cut_from_the_text_with_its_comma(typed, words):
    found, loras = without_loras(typed)
    assert found == words
    assert set(loras) == {"ink:0.8"}


@pytest.mark.parametrize("typed", ["1girl,  smile", "<hypernet:x:1>", "a < b > c", "<lora:ink", " ,1girl\n"])
def test_text_without_a_lora_stays_as_it_is(typed):
    assert without_loras(typed) == (typed, ())


def test_a_lora_may_be_named_without_a_weight():
    assert without_loras("<lora: soft.v2 >1girl") == ("1girl", ("soft.v2",))


@pytest.mark.parametrize("part", ["<lora:", " ", ",", "<lora:a>", ", <lora:a> "])
def test_ten_thousand_odd_characters_take_no_time_to_speak_of(part):
    without_loras(part * 10_000)


@pytest.mark.parametrize(
    ("typed", "weighted"),
    [
        ("1girl, (blue hair:1.3), (hat : .5 )", ("(blue hair:1.3)", "(hat : .5 )")),
        ("((hat)), (scarf)", ("((hat))",)),
        ("(a, (b:1.1):2)", ("(b:1.1)",)),
        ("(hat:-1), :) 16:9 (a: b)", ()),
    ],
)
def test_weights_are_found_as_typed(typed, weighted):
    assert syntax.weights(typed) == weighted


def test_alternatives_are_found_in_their_order():
    assert syntax.alternatives("{a|b} AND [c:d:0.5], [e::3], and, [f|g]") == (
        *("{a|b}", "AND", "[c:d:0.5]", "[e::3]", "[f|g]"),
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1girl, (blue hair:1.3), [[hat]]", "1girl, blue hair, hat"),
        ("[red hair:blue hair:0.5] {hat|scarf}", "red hair, blue hair hat, scarf"),
        ("1girl AND 1boy", "1girl , 1boy"),
        ("(red)hair(smile:1.2)hat", "red hair smile hat"),
        ("no brackets: 16:9", "no brackets: 16:9"),
    ],
)
def test_words_alone_have_no_brackets_and_no_numbers_of_them(typed, words):
    assert syntax.words_alone(typed) == words


@pytest.mark.parametrize("part", ["(", "[a:", "{a|", "(a:1", "((", "[a:b:"])
def test_ten_thousand_odd_characters_are_read_as_syntax(part):
    text = (part * 10_000)[:10_000]
    assert len(syntax.words_alone(text)) <= 2 * len(text)
    assert syntax.weights(text) == syntax.alternatives(text) == ()


SYNTAX = st.text(alphabet="ab ,:()[]{}|<>0.5-_\nAND", max_size=80)


def test_a_comma_inside_brackets_separates_no_tags():
    assert syntax.split_tags("a, (b, [c, d]:1.2), e") == ("a", "(b, [c, d]:1.2)", "e")


@given(SYNTAX)
def test_tags_keep_every_letter_of_a_prompt(text):
    tags = "".join(syntax.split_tags(text))
    assert [letter for letter in tags if letter not in " \n,"] == [letter for letter in text if letter not in " \n,"]


@given(st.lists(st.sampled_from(["1girl", "blue hair", "(a, b:1.2)", "[c, [d]]"])))
def test_joined_tags_are_split_again(tags):
    assert syntax.split_tags(", ".join(tags)) == tuple(tags)


@given(SYNTAX, SYNTAX)
def test_a_lora_is_found_in_any_text(before, after):
    _, loras = without_loras(f"{before}<lora:ink:0.8>{after}")
    assert "ink:0.8" in loras


@given(SYNTAX)
def test_words_alone_contain_no_brackets(text):
    assert not set("()[]{}") & set(syntax.words_alone(text))


@given(SYNTAX)
def test_weights_are_parts_of_the_text(text):
    assert all(part in text for part in syntax.weights(text))
