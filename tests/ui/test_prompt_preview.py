import gradio as gr
import pytest

from animegen.messages import message, render
from animegen.models.table import rows
from animegen.ui.prompt_preview import describe, describe_strength, edit
from tests.ui.fake_studio import FakeStudio


def asked(**values: object) -> dict[str, object]:
    return {"prompt": "", "final_prompt": "", **values}


def test_the_final_prompt_is_shown_before_drawing_by_the_same_layers(studio: FakeStudio, visitor: gr.Request) -> None:
    box, _ = describe(studio)(visitor, **asked(prompt="1girl", emotion="happy", style="kimono"))
    assert box["placeholder"] == "1girl, happy, kimono"


def test_an_empty_prompt_is_no_complaint(studio: FakeStudio, visitor: gr.Request) -> None:
    box, notes = describe(studio)(visitor, **asked())
    assert (box["placeholder"], notes["visible"]) == ("", False)


def test_words_that_the_model_does_not_know_are_named(studio: FakeStudio, japanese: gr.Request) -> None:
    _, notes = describe(studio)(japanese, **asked(prompt="1girl, zorgblat"))
    assert notes["value"] == "このモデルが知らない言葉のため、絵に反映されません：zorgblat"


def test_what_the_fast_preset_is_stands_in_the_notes(studio: FakeStudio, visitor: gr.Request) -> None:
    _, notes = describe(studio)(visitor, **asked(prompt="1girl", preset="fast"))
    assert notes["value"].startswith("Fast takes")


@pytest.mark.parametrize("asked_for", [{"preset": "fast"}, {"sampler": "LCM"}])
def test_on_a_model_with_lcm_weights_the_notes_tell_what_lcm_is_in_both_languages(
    studio: FakeStudio, visitor: gr.Request, japanese: gr.Request, asked_for: dict[str, str]
) -> None:
    studio.row = rows()["sd15"]
    english, other = (describe(studio)(who, **asked(prompt="1girl", **asked_for))[1] for who in (visitor, japanese))
    note = message("prompts.lcm_preset")
    assert (english["value"], other["value"]) == (render(note, "en"), render(note, "ja"))


def test_the_steps_of_a_strength_are_told_before_drawing(
    studio: FakeStudio, visitor: gr.Request, japanese: gr.Request
) -> None:
    told = describe_strength(studio)
    assert told(visitor, 0.5, "fast", 0, "") == "At denoising strength 0.5, 4 of 8 steps are drawn."
    assert told(visitor, 0.001, "balanced", 1, "").splitlines()[1].endswith("use more steps.")
    assert told(japanese, 0.5, "fast", 20, "") == "描き直しの強さ 0.5 では、20 ステップのうち 10 ステップを描きます。"


@pytest.mark.parametrize(
    ("strength", "steps", "sentence"),
    [(0.5, [8], "Steps: must be a whole number"), ("half", 8, "Denoising strength: must be a number")],
)
def test_a_strength_or_steps_that_are_no_numbers_are_refused_in_a_sentence(
    studio: FakeStudio, visitor: gr.Request, strength: object, steps: object, sentence: str
) -> None:
    assert describe_strength(studio)(visitor, strength, "fast", steps, "").startswith(sentence)


def test_fast_with_another_sampler_has_the_usual_remark(studio: FakeStudio, visitor: gr.Request) -> None:
    studio.row = rows()["sd15"]
    _, notes = describe(studio)(visitor, **asked(prompt="1girl", preset="fast", sampler="Euler"))
    assert notes["value"].startswith("Fast takes 8 ordinary steps")


def test_steps_that_a_sampler_does_not_take_are_told_before_drawing(studio: FakeStudio, japanese: gr.Request) -> None:
    studio.row = rows()["sd15"]
    box, notes = describe(studio)(japanese, **asked(prompt="1girl", preset="fast", steps=20))
    assert notes["value"].splitlines()[-1].startswith("サンプラー LCM のステップ数は 2〜8 です（現在は 20）")
    assert box["placeholder"].startswith("1girl")


def test_a_style_that_the_model_cannot_draw_is_told_before_drawing(studio: FakeStudio, visitor: gr.Request) -> None:
    _, notes = describe(studio)(visitor, **asked(prompt="1girl", style="watercolor"))
    assert notes["value"].startswith("This model cannot draw the style 'watercolor'")


def test_editing_begins_with_what_the_layers_say(studio: FakeStudio, visitor: gr.Request) -> None:
    assert edit(studio)(visitor, **asked(prompt="1girl", emotion="happy", final_prompt="old")) == "1girl, happy"


def test_editing_nothing_is_refused_in_a_sentence(studio: FakeStudio, visitor: gr.Request) -> None:
    with pytest.raises(gr.Error, match="prompt is empty"):
        edit(studio)(visitor, **asked())
