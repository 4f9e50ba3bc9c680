"""Composition: the words of all layers, in order and without repetition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.errors import InvalidRequest
from animegen.prompts.brief import Brief
from animegen.prompts.composition import compose
from animegen.prompts.prompt import Word
from animegen.prompts.vocabulary import find_vocabulary
from animegen.tasks import MAX_PROMPT, TextToImage
from tests.prompts.writing import texts, write

GENERAL, CHIBI = find_vocabulary("general"), find_vocabulary("chibi")


def test_each_word_knows_its_layer() -> None:
    prompt = write(emotion="happy", style="watercolor")
    assert prompt.character == (Word("1girl", "prompt"), Word("blue hair", "prompt"))
    assert {word.layer for word in prompt.emotion} == {"emotion"}
    assert {word.layer for word in prompt.style} == {"style"}
    assert {word.layer for word in prompt.quality} == {"quality"}


def test_a_trigger_knows_its_lora() -> None:
    prompt = write("1girl", triggers={"ink": ["inky"]})
    assert prompt.character == (Word("1girl", "prompt"), Word("inky", "lora", lora="ink"))


def test_the_layers_are_joined_in_order() -> None:
    prompt = write(emotion="happy", style="watercolor")
    assert prompt.text == ", ".join(texts([*prompt.character, *prompt.emotion, *prompt.style, *prompt.quality]))


def test_the_users_text_stays_as_typed() -> None:
    typed = "1girl,  (blue hair, red eyes:1.2),\nsmile"
    assert write(f"{typed} , ").text.startswith(typed)


def test_no_emotion_adds_nothing() -> None:
    assert write(emotion="none", emotion_strength=0.0).emotion == ()


def test_an_emotion_of_strength_zero_is_a_neutral_face() -> None:
    assert texts(write(emotion="angry", emotion_strength=0.0, family="chibi").emotion) == ["neutral expression"]


@pytest.mark.parametrize(
    ("strength", "word"), [(0.44, "slightly happy"), (0.45, "happy"), (0.85, "happy"), (0.86, "very happy")]
)
def test_the_strength_of_an_emotion_chooses_its_words(strength: float, word: str) -> None:
    assert texts(write(emotion="happy", emotion_strength=strength, family="chibi").emotion) == [word]


@pytest.mark.parametrize("prompt", ["1girl, smile, happy", "a HAPPY girl with a smile", "happy_girl, big_smile"])
def test_a_word_in_the_prompt_is_not_added_again(prompt: str) -> None:
    assert not {"happy", "smile"} & set(texts(write(prompt, emotion="happy", emotion_strength=0.6).emotion))


def test_part_of_a_word_is_not_that_word() -> None:
    assert "sad" in texts(write("a sadistic cook", emotion="sad", emotion_strength=0.6).emotion)


def test_a_final_prompt_replaces_all_layers() -> None:
    prompt = write(final_prompt=" just this, ", emotion="happy", style="anime")
    assert prompt.text == " just this, "
    assert prompt.words == (Word("just this", "final_prompt"),)


def test_a_final_prompt_is_not_rephrased() -> None:
    assert write("", final_prompt="1girl, red braid", family="chibi").text == "1girl, red braid"


def test_a_written_prompt_is_written_as_itself() -> None:
    fields = {"emotion": "sad", "style": "sketch"}
    once = write("1girl", negative_prompt="hat, blurry", **fields)
    twice = write("1girl", final_prompt=once.text, negative_prompt=once.negative, **fields)
    assert (twice.text, twice.negative) == (once.text, once.negative)


def test_what_chibi_reads_is_written_as_itself() -> None:
    once = write("1girl, no hat, {hat|scarf}, 桜, (blue hair:1.3)", family="chibi", negative_prompt="ribbon, 猫")
    again = write(final_prompt=once.text, family="chibi", negative_prompt=once.negative)
    assert (again.text, again.negative, again.notes) == (once.text, once.negative, ())


def test_the_negative_prompt_begins_with_the_users_and_repeats_nothing() -> None:
    negative = write(negative_prompt="hat, blurry").negative.split(", ")
    assert negative[:2] == ["hat", "blurry"]
    assert len(negative) == len(set(negative))


def test_added_words_never_make_a_prompt_too_long_for_a_request() -> None:
    prompt = write("a" * (MAX_PROMPT - 8), emotion="happy", negative_prompt="b" * (MAX_PROMPT - 8))
    TextToImage(prompt=prompt.text, negative_prompt=prompt.negative)


@pytest.mark.parametrize(
    ("fields", "choice"),
    [({"emotion": "grumpy"}, "angry"), ({"style": "cubist"}, "manga"), ({"quality": "8k"}, "high")],
)
def test_an_unknown_name_is_answered_with_the_choices(fields: dict[str, str], choice: str) -> None:
    with pytest.raises(InvalidRequest, match=choice):
        write(**fields)


def test_chibi_refuses_a_style_that_it_cannot_draw_with_those_that_it_can() -> None:
    with pytest.raises(InvalidRequest, match=r"cannot draw the style 'watercolor'.*kimono"):
        write(family="chibi", style="watercolor")


@pytest.mark.parametrize(
    "typed", ["1girl, 着物 桜 笑顔, blue hair", "1girl 😀, blue hair", "no 1girl, (dragon:1.4), AND blue hair, l0ng"]
)
def test_unknown_words_are_in_no_text_that_chibi_reads(typed: str) -> None:
    prompt = write(typed, family="chibi", negative_prompt="hat, 桜, (lowres:1.2)")
    assert prompt.text == "1girl, blue hair"
    assert prompt.negative == "hat"
    assert {"桜", "lowres"} < set(prompt.unknown)


def test_a_trigger_of_a_lora_is_known_to_chibi() -> None:
    prompt = write("1girl, inkstyle, dragon", "chibi", triggers={"ink": ["inkstyle"]}, negative_prompt="inkstyle")
    assert (prompt.text, prompt.negative, prompt.unknown) == ("1girl, inkstyle", "inkstyle", ("dragon",))


def test_a_final_prompt_without_a_known_word_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="contains nothing to draw"):
        write(final_prompt="桜 😀", family="chibi")


def test_chibi_reads_weighted_words_without_their_weights() -> None:
    assert write("1girl, (blue hair:1.3), [hat], {{smile}}", family="chibi").text == "1girl, blue hair, hat, smile"


def test_chibi_reads_a_colour_before_a_hair_style_as_a_colour_of_hair() -> None:
    assert write("1girl, red braid", family="chibi").text == "1girl, red hair, braid"
    assert write("1girl, red braid", quality="draft").text == "1girl, red braid"


@given(st.text(max_size=200), st.sampled_from([GENERAL, CHIBI]))
def test_composing_the_text_of_a_prompt_again_changes_nothing(typed: str, vocabulary: object) -> None:
    once = compose(Brief(prompt=f"1girl, {typed}", emotion="happy"), vocabulary, {})
    assert compose(Brief(final_prompt=once.text), vocabulary, {}).text == once.text


@given(st.text(max_size=200))
def test_an_open_vocabulary_loses_no_letter_of_a_prompt_without_negations(typed: str) -> None:
    assert compose(Brief(final_prompt=f"1girl {typed}"), GENERAL, {}).text == f"1girl {typed}"
