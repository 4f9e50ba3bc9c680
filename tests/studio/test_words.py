"""What is read of the words of a request, seen in the picture that is drawn of it."""

from dataclasses import replace

import pytest

from animegen.errors import InvalidRequest
from animegen.messages import Message, message
from animegen.models.loading import Parts
from animegen.studio import Studio
from animegen.tasks import ExpressionSheet, Picture, TextToImage
from tests import tiny

TASK = TextToImage(prompt="1girl, blue hair", steps=2, seed=5)


@pytest.fixture
def studio(parts: Parts) -> Studio:
    return Studio(tiny.ROW, lambda _: parts)


def same(one: Picture, other: Picture) -> bool:
    return one.image.tobytes() == other.image.tobytes()


@pytest.mark.parametrize("typed", ["{}, 着物 桜 笑顔", "😀 {} 😀😀 😀", "dragon, {}, (unicorn:1.3), l0ng h4ir"])
@pytest.mark.parametrize("field", ["prompt", "final_prompt", "negative_prompt"])
def test_words_that_the_model_does_not_know_change_no_bit_of_the_picture(
    studio: Studio, typed: str, field: str
) -> None:
    known = "1girl, blue hair"
    plain, strange = (studio.pictures(replace(TASK, **{field: each}))[0] for each in (known, typed.format(known)))
    assert same(plain, strange)
    assert any(isinstance(note, Message) and note.id == "prompts.unknown" for note in strange.notes)
    assert same(studio.pictures(strange.task)[0], plain)


def test_a_negation_is_drawn_as_its_negative_prompt(studio: Studio) -> None:
    (negated,) = studio.pictures(replace(TASK, prompt="1girl, blue hair, no glasses, without a hat"))
    assert same(negated, studio.pictures(replace(TASK, negative_prompt="glasses, hat"))[0])
    assert message("prompts.negated", words="no glasses, without a hat") in negated.notes


def test_a_negation_without_guidance_is_said_to_do_nothing(studio: Studio) -> None:
    (drawn,) = studio.pictures(replace(TASK, prompt="1girl, no hat", guidance_scale=1.0))
    assert message("studio.no_guidance") in drawn.notes


SHEET = ExpressionSheet(prompt="1girl, blue hair", emotions="neutral,happy", steps=2, seed=5)


@pytest.mark.parametrize("typed", ["angry 1girl, blue hair", "1girl, very sad, blue hair", "1girl, blue hair, smile"])
def test_an_emotion_in_the_words_of_a_sheet_is_left_out_and_named(studio: Studio, typed: str) -> None:
    drawn, plain = studio.pictures(replace(SHEET, prompt=typed)), studio.pictures(SHEET)
    assert all(same(one, other) for one, other in zip(drawn, plain, strict=True))
    assert any(str(note).startswith("Each face of a sheet has its own emotion") for note in drawn[0].notes)
    assert not any(str(note).startswith("Each face") for note in plain[0].notes)


def test_a_sheet_of_an_emotion_alone_is_refused(studio: Studio) -> None:
    with pytest.raises(InvalidRequest, match="describe the character"):
        studio.run(replace(SHEET, prompt="angry"))


def test_names_are_recorded_as_the_tables_spell_them(studio: Studio) -> None:
    (drawn,) = studio.pictures(replace(TASK, emotion="Happy", style="School Uniform", sampler="ddim"))
    assert isinstance(drawn.task, TextToImage)
    assert (drawn.task.emotion, drawn.task.style, drawn.task.sampler) == ("happy", "school_uniform", "DDIM")
    assert [each.task.emotions for each in studio.pictures(replace(SHEET, emotions="Neutral,Happy"))] == [
        *(("neutral",), ("happy",)),
    ]
