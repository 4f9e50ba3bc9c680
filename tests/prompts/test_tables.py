import pytest

from animegen.chibi.captions import unknown_words
from animegen.chibi.character import VOCABULARY
from animegen.chibi.wordings import table
from animegen.errors import InvalidRequest
from animegen.pipelines import samplers
from animegen.prompts.emotions import emotion, emotions, neutral
from animegen.prompts.presets import preset, presets
from animegen.prompts.quality import qualities, quality
from animegen.prompts.styles import drawable, style, styles
from animegen.tasks import TextToImage

FAMILIES = ("chibi", "general")


def test_the_emotions_are_none_and_those_of_chibi():
    assert tuple(emotions()) == ("none", *VOCABULARY["emotion"])


@pytest.mark.parametrize("family", FAMILIES)
def test_every_emotion_has_words_for_every_strength(family):
    for row in emotions().values():
        assert row.name == "none" or all(row.words(family, strength) for strength in (0, 0.3, 0.6, 1))


def test_chibi_is_told_an_emotion_in_words_of_its_captions():
    for row in emotions().values():
        for strength in (0, 0.3, 0.6, 1):
            assert not unknown_words(" ".join(row.words("chibi", strength)))


def test_the_plain_word_of_an_emotion_is_the_first_of_its_wordings():
    for name in VOCABULARY["emotion"]:
        assert emotion(name).words("chibi", 0.6) == (table()["emotion"][name]["tags"][0],)
    assert neutral()["chibi"] == (table()["emotion"]["neutral"]["tags"][0],)


def test_chibis_styles_are_wordings_of_its_outfits():
    for name in ("casual", "formal", "school_uniform", "kimono"):
        assert set(style(name).words("chibi")) <= set(table()["outfit"][name]["tags"])


def test_chibi_draws_clothes_and_no_ways_of_painting():
    assert {row.name for row in styles().values() if "chibi" in row.families} == {
        *("none", "casual", "formal", "school_uniform", "kimono")
    }


def test_a_style_that_a_lora_paints_needs_no_words_and_stands_among_the_choices():
    assert style("watercolor").words("chibi", {"watercolor"}) == ()
    assert "watercolor" in drawable("chibi", {"watercolor"})
    assert "watercolor" not in drawable("chibi")
    with pytest.raises(InvalidRequest, match=r"style 'sketch'; choose one of: .*watercolor"):
        style("sketch").words("chibi", {"watercolor"})


def test_where_a_model_has_words_for_a_style_a_lora_leaves_them_as_they_are():
    assert style("watercolor").words("general", {"watercolor"}) == style("watercolor").words("general")


def test_general_models_draw_every_style():
    assert all("general" in row.families for row in styles().values())


def test_quality_has_three_levels_and_the_first_adds_nothing():
    assert list(qualities()) == ["draft", "standard", "high"]
    assert quality("draft").words == quality("draft").negative == dict.fromkeys(FAMILIES, ())


def test_a_higher_level_says_all_that_the_lower_says():
    assert set(quality("standard").words["general"]) < set(quality("high").words["general"])


def test_presets_take_more_steps_in_turn():
    assert [(row.name, row.steps) for row in presets().values()] == [("fast", 8), ("balanced", 20), ("quality", 50)]


def test_presets_name_samplers_that_exist():
    for row in presets().values():
        assert row.sampler in samplers.names()


def test_a_preset_fits_a_task():
    for row in presets().values():
        TextToImage(prompt="1girl", steps=row.steps, guidance_scale=row.guidance_scale, sampler=row.sampler)


def test_the_defaults_of_a_task_are_in_the_tables():
    task = TextToImage(prompt="1girl")
    assert emotion(task.emotion)
    assert style(task.style)
    assert quality(task.quality)
    assert preset(task.preset)


@pytest.mark.parametrize("rows", [emotions(), styles(), qualities(), presets()])
def test_every_row_has_a_label_in_both_languages(rows):
    assert all(row.label and row.label_ja for row in rows.values())


def test_an_unknown_preset_is_answered_with_the_choices():
    with pytest.raises(InvalidRequest, match="fast, balanced, quality"):
        preset("turbo")
