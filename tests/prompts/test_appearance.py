"""Hair and outfit: what the pickers offer, and how it travels from a name to the words of a prompt."""

import pytest

from animegen.chibi.captions import unknown_words
from animegen.chibi.character import VOCABULARY
from animegen.chibi.wordings import table
from animegen.errors import InvalidRequest
from animegen.prompts.appearance import KINDS, feature, features
from tests.prompts.writing import write


@pytest.mark.parametrize("kind", KINDS)
def test_a_picker_offers_nothing_in_particular_and_what_chibi_knows(kind: str) -> None:
    assert tuple(features(kind)) == ("none", *VOCABULARY[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_for_chibi_are_those_of_its_captions(kind: str) -> None:
    assert not unknown_words(" ".join(word for row in features(kind).values() for word in row.words["chibi"]))


@pytest.mark.parametrize("kind", ["hair_style", "outfit"])
def test_chibis_word_is_the_first_of_its_wordings(kind: str) -> None:
    for name in VOCABULARY[kind]:
        assert feature(kind, name).words["chibi"] == (table()[kind][name]["tags"][0],)


@pytest.mark.parametrize("kind", KINDS)
def test_everything_but_none_has_words_for_a_general_model(kind: str) -> None:
    assert {row.name for row in features(kind).values() if not row.words["general"]} == {"none"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_feature_has_a_label_in_both_languages(kind: str) -> None:
    assert all(row.label and row.label_ja for row in features(kind).values())


def test_hair_and_outfit_follow_the_users_words_and_precede_the_emotion() -> None:
    chosen = {"hair_style": "bob", "hair_colour": "pink", "outfit": "hoodie", "emotion": "happy", "style": "kimono"}
    assert write("1girl", family="chibi", **chosen).text == "1girl, pink hair, bob cut, hoodie, happy, kimono"


def test_they_belong_to_the_character_and_know_where_they_came_from() -> None:
    words = write("1girl", family="chibi", hair_colour="pink", outfit="hoodie").character
    assert [word.layer for word in words] == ["prompt", "hair", "outfit"]


def test_what_is_in_the_prompt_is_not_added_again() -> None:
    assert write("1girl, long pink hair", family="chibi", hair_colour="pink").text == "1girl, long pink hair"


def test_they_are_dropped_after_emotion_and_style() -> None:
    prompt = write("1girl", family="chibi", limit=3, hair_colour="pink", emotion="happy", style="kimono")
    assert prompt.text == "1girl, pink hair"


def test_nothing_chosen_adds_nothing() -> None:
    assert write("1girl", family="chibi").text == "1girl"


@pytest.mark.parametrize(
    ("field", "said"), [("hair_style", "hair style"), ("hair_colour", "hair colour"), ("outfit", "outfit")]
)
def test_an_unknown_name_is_answered_with_the_choices(field: str, said: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"There is no {said} named 'wings'; choose one of: none, "):
        write(**{field: "wings"})
