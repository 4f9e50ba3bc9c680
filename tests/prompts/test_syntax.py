import pytest

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
