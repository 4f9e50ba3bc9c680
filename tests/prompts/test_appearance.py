"""Hair, outfit and marks: what the pickers offer, and how it travels from a name to the words of a prompt."""

from typing import Any

import pytest

from animegen.chibi.captions import unknown_words
from animegen.chibi.character import VOCABULARY
from animegen.chibi.wordings import table
from animegen.errors import InvalidRequest
from animegen.prompts.appearance import KINDS, feature, features
from animegen.prompts.emotions import emotions
from animegen.prompts.layers import Prompt, compose
from animegen.tasks import ExpressionSheet, TextToImage


def composed(prompt: str = "1girl", family: str = "general", limit: int = 75, **settings: Any) -> Prompt:
    task = TextToImage(prompt=prompt, **settings)
    return compose(task, family=family, count=lambda text: len(text.replace(",", " ").split()), limit=limit)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picker_offers_nothing_in_particular_and_what_chibi_knows(kind: str) -> None:
    assert tuple(features(kind)) == tuple(dict.fromkeys(("none", *VOCABULARY[kind])))


@pytest.mark.parametrize("kind", KINDS)
def test_chibi_is_told_in_words_of_its_captions(kind: str) -> None:
    assert not unknown_words(" ".join(word for row in features(kind).values() for word in row.words["chibi"]))


@pytest.mark.parametrize("kind", ["hair_style", "outfit", "marks"])
def test_chibis_word_is_the_first_of_its_wordings(kind: str) -> None:
    for name in set(VOCABULARY[kind]) - {"none"}:
        assert feature(kind, name).words["chibi"] == (table()[kind][name]["tags"][0],)


@pytest.mark.parametrize("kind", KINDS)
def test_everything_but_none_has_words_for_a_general_model(kind: str) -> None:
    assert {row.name for row in features(kind).values() if not row.words["general"]} == {"none"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_feature_has_a_label_in_both_languages(kind: str) -> None:
    assert all(row.label and row.label_ja for row in features(kind).values())


def test_hair_and_outfit_stand_behind_the_persons_words_and_before_the_emotion() -> None:
    asked = {"hair_style": "bob", "hair_colour": "pink", "outfit": "hoodie", "emotion": "happy", "style": "kimono"}
    assert composed(family="chibi", **asked).text == "1girl, pink hair, bob cut, hoodie, happy, kimono"


def test_they_belong_to_the_character_and_know_where_they_came_from() -> None:
    words = composed(family="chibi", hair_colour="pink", outfit="hoodie").character
    assert [word.source for word in words] == ["you", "hair picker", "outfit picker"]


def test_what_the_prompt_says_is_not_said_again() -> None:
    assert composed("1girl, long pink hair", family="chibi", hair_colour="pink").text == "1girl, long pink hair"


def test_they_fall_after_emotion_and_style() -> None:
    prompt = composed(family="chibi", limit=3, hair_colour="pink", emotion="happy", style="kimono")
    assert prompt.text == "1girl, pink hair"


def test_a_mark_stands_behind_the_emotion_and_falls_before_it() -> None:
    chosen = {"emotion": "happy", "marks": "anger", "style": "kimono"}
    assert composed(family="chibi", **chosen).text == "1girl, happy, anger mark, kimono"
    assert composed(family="chibi", limit=2, **chosen).text == "1girl, happy"


def test_a_mark_is_no_word_of_the_emotion() -> None:
    prompt = composed(family="chibi", emotion="happy", marks="anger")
    assert [word.text for word in prompt.emotion] == ["happy"]
    assert [(word.text, word.source) for word in prompt.character[1:]] == [("anger mark", "marks picker")]


@pytest.mark.parametrize("family", ["chibi", "general"])
def test_no_emotion_brings_a_mark_of_its_own(family: str) -> None:
    marks = {word for row in features("marks").values() for word in row.words[family]}
    for emotion in emotions():
        for strength in (0.3, 0.6, 1.0):
            assert not marks & set(composed(family=family, emotion=emotion, emotion_strength=strength).text.split(", "))


@pytest.mark.parametrize("family", ["chibi", "general"])
def test_a_sheet_has_a_mark_only_where_its_words_name_one(family: str) -> None:
    def texts(prompt: str) -> list[str]:
        sheet = ExpressionSheet(prompt=prompt, quality="draft")
        return [compose(still, family=family, count=len, limit=4000).text for still in sheet.stills()]

    marks = {word for row in features("marks").values() for word in row.words[family]}
    assert not any(marks & set(text.split(", ")) for text in texts("1girl"))
    assert all("music note" in text for text in texts("1girl, music note"))


def test_nothing_chosen_adds_nothing() -> None:
    assert composed(family="chibi").text == "1girl"


@pytest.mark.parametrize(
    ("field", "said"),
    [("hair_style", "hair style"), ("hair_colour", "hair colour"), ("outfit", "outfit"), ("marks", "mark")],
)
def test_an_unknown_name_is_answered_with_the_choices(field: str, said: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"There is no {said} named 'wings'; choose one of: none, "):
        composed(**{field: "wings"})
