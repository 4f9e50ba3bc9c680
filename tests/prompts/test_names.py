"""Names of the tables: case, spaces and hyphens do not matter."""

import pytest

from animegen.errors import InvalidRequest
from animegen.messages import LANGUAGES, render
from animegen.pipelines import samplers
from animegen.prompts import names
from animegen.tasks import EmotionPath, ExpressionSheet, TextToImage
from tests.prompts.writing import write

TYPED = {
    "emotion": ("Happy", "happy"),
    "hair_style": ("Twin Tails", "twintails"),
    "hair_colour": (" BLUE ", "blue"),
    "outfit": ("school-uniform", "school_uniform"),
    "style": ("School Uniform", "school_uniform"),
    "quality": ("High", "high"),
    "preset": ("FAST", "fast"),
}


@pytest.mark.parametrize("field", TYPED)
def test_a_name_is_spelled_as_its_table_has_it(field: str) -> None:
    typed, spelled = TYPED[field]
    task = TextToImage(prompt="1girl", **{field: typed})
    assert names.normalize(task) == TextToImage(prompt="1girl", **{field: spelled})


def test_names_with_commas_between_them_are_spelled_too() -> None:
    assert names.normalize(ExpressionSheet(prompt="1girl", emotions="Neutral, HAPPY")).emotions == (
        "neutral",
        "happy",
    )
    path = names.normalize(EmotionPath(prompt="1girl", from_emotion="Calm,Sad", to_emotion="sad , Happy"))
    assert (path.from_emotion, path.to_emotion) == (("calm", "sad"), ("sad", "happy"))


@pytest.mark.parametrize("table", names.TABLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_name_is_refused_in_both_languages(table: str, language: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        names.spell(table, "wings")
    assert "prompts." not in render(refused.value.message, language)


def test_a_name_is_the_same_prompt_however_it_is_spelled() -> None:
    one, other = (
        write("1girl", family="chibi", **chosen)
        for chosen in ({"emotion": "happy", "style": "school_uniform"}, {"emotion": "HAPPY", "style": "School-Uniform"})
    )
    assert one == other


def test_an_emotion_that_a_sheet_names_twice_is_refused_however_it_is_spelled() -> None:
    with pytest.raises(InvalidRequest, match="only once"):
        names.normalize(ExpressionSheet(prompt="1girl", emotions="happy,Happy"))


def test_an_unknown_name_is_shown_as_it_was_typed() -> None:
    with pytest.raises(InvalidRequest, match=r"no emotion named 'Very Bored'; choose one of: none, happy"):
        names.normalize(TextToImage(prompt="1girl", emotion="Very Bored"))


@pytest.mark.parametrize(("typed", "spelled"), [("ddim", "DDIM"), ("dpm++ 2m-karras", "DPM++ 2M Karras"), ("x", "x")])
def test_samplers_are_spelled_alike(typed: str, spelled: str) -> None:
    assert samplers.normalize(typed) == spelled
