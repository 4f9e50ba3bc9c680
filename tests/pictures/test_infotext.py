import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animegen.errors import InvalidRequest
from animegen.messages import message
from animegen.pictures.infotext import Parameters, read, to_task, write
from animegen.tasks import (
    MAX_PROMPT,
    MAX_SEED,
    Lora,
    TextToImage,
)

RESOLVED = TextToImage(
    prompt="1girl, blue hair",
    final_prompt="1girl, blue hair, very happy, kimono",
    negative_prompt="hat",
    emotion="happy",
    emotion_strength=0.9,
    hair_style="bob",
    hair_colour="pink",
    outfit="hoodie",
    style="kimono",
    quality="high",
    preset="quality",
    steps=25,
    guidance_scale=7,
    sampler="DPM++ 2M Karras",
    width=512,
    height=768,
    seed=42,
)
FOREIGN = (
    "a (cat:1.2),\nred: scarf\nNegative prompt: dog,\nbird\nSteps: 20, Sampler: Euler a, Schedule type: Automatic, "
    'CFG scale: 5.5, Seed: 7, Size: 640x384, Model hash: 0123456789, Lora hashes: "one: 01, two: 02", Version: v1.10.1'
)
# What a prompt can hold: everything but halves of characters.
ANY_TEXT = st.text(max_size=60) | st.text(alphabet='青,:"\\\n\r (Negative prompt:Steps', max_size=60)


def test_the_text_is_what_other_programs_read():
    text = write(RESOLVED, "chibi")
    assert text.startswith(
        "1girl, blue hair, very happy, kimono\nNegative prompt: hat\n"
        "Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.0, Seed: 42, Size: 512x768, Model: chibi, "
    )
    assert re.search(r", Version: animegen-[\d.]+\S*$", text)


def test_there_is_no_negative_line_without_a_negative():
    assert "Negative" not in write(TextToImage(prompt="1girl", final_prompt="1girl"), "chibi")


def test_a_written_task_is_read_back_equal():
    assert to_task(read(write(RESOLVED, "chibi"))) == (RESOLVED, ())


@pytest.mark.parametrize("final", ["1girl", "1girl, <lora:old:1>", "<lora:ink:0.8>", "<lora:ink:0.123456789>,"])
@pytest.mark.parametrize("loras", [(), (Lora("ink", 0.123456789), Lora("soft.v2", 2.0))])
def test_loras_stand_behind_the_prompt_and_are_read_back_equal(final, loras):
    task = replace(RESOLVED, final_prompt=final, loras=loras)
    text = write(task, "chibi")
    assert text.startswith(f"{final} <lora:ink:0.123456789> <lora:soft.v2:2.0>\n" if loras else f"{final}\n")
    assert to_task(read(text)) == (task, ())


def test_the_files_of_loras_are_told_by_their_hashes():
    hashes = {"ink": "0123456789ab", "soft.v2": "ba9876543210"}
    pairs = read(write(replace(RESOLVED, loras=("ink:1", "soft.v2:0.5")), "chibi", hashes)).pairs
    assert pairs["Lora hashes"] == "ink: 0123456789ab, soft.v2: ba9876543210"
    assert list(pairs).index("RNG") + 1 == list(pairs).index("Lora hashes")


@settings(max_examples=60)
@given(
    prompt=ANY_TEXT.filter(str.strip),
    final=ANY_TEXT.filter(str.strip),
    negative=ANY_TEXT,
    strength=st.floats(0, 1),
    seed=st.integers(0, MAX_SEED),
)
def test_any_words_are_read_back_equal(prompt, final, negative, strength, seed):
    task = TextToImage(
        prompt=prompt,
        final_prompt=final,
        negative_prompt=negative,
        emotion_strength=strength,
        seed=seed,
        steps=1,
        width=64,
        height=64,
    )
    assert to_task(read(write(task, "chibi")))[0] == task


@given(ANY_TEXT)
def test_any_model_name_is_read_back_equal(model):
    assert read(write(RESOLVED, model)).pairs["Model"] == model


@pytest.mark.parametrize(
    "prompt", ["青い髪の少女、\n笑顔", ' "a", b: c ', "Negative prompt: x\ny", "\n\nSteps: 1, Seed: 2, Size: 1x1"]
)
def test_awkward_prompts_are_read_back_equal(prompt):
    task = TextToImage(prompt=prompt, final_prompt=prompt, negative_prompt=prompt, steps=1)
    parameters = read(write(task, "chibi"))
    assert (parameters.prompt, parameters.negative_prompt) == (prompt, prompt)


def test_the_pairs_stay_on_one_line():
    task = TextToImage(prompt="a\nb\rc", final_prompt="d")
    assert write(task, "a\nb").count("\n") == 1


def test_the_longest_and_oddest_prompt_is_read_back_equal():
    odd = "\0" * MAX_PROMPT
    task = TextToImage(prompt=odd, final_prompt=odd, negative_prompt=odd, steps=1)
    assert to_task(read(write(task, "chibi")))[0].final_prompt == odd


def test_settings_that_hide_half_a_character_are_refused():
    with pytest.raises(InvalidRequest, match="half a character"):
        to_task(read('1girl\nSteps: 1, Seed: 2, Size: 64x64, Raw prompt: "\\ud800"'))


def test_a_picture_of_another_program_is_read():
    parameters = read(FOREIGN)
    assert parameters.prompt == "a (cat:1.2),\nred: scarf"
    assert parameters.negative_prompt == "dog,\nbird"
    assert parameters.pairs["Lora hashes"] == "one: 01, two: 02"
    assert parameters.pairs["Version"] == "v1.10.1"


def test_nothing_is_added_to_the_prompt_of_another_program():
    task, _ = to_task(read(FOREIGN))
    assert (task.emotion, task.style, task.quality, task.final_prompt) == ("none", "none", "draft", "")
    assert (task.steps, task.sampler, task.guidance_scale, task.seed) == (20, "Euler a", 5.5, 7)
    assert (task.width, task.height) == (640, 384)


def test_settings_without_a_meaning_here_are_named():
    text = FOREIGN.replace("Lora hashes", "Clip skip: 2, Eta: 0.3, Lora hashes")
    assert to_task(read(text))[1] == (message("infotext.unused", keys=("Clip skip", "Eta")),)


def test_text_without_pairs_is_all_prompt():
    assert read("1girl,\nsmile") == Parameters(prompt="1girl,\nsmile")


def test_two_pairs_are_no_settings():
    assert read("a\nSteps: 1, Seed: 2").pairs == {}


@pytest.mark.parametrize(
    ("pair", "field", "value"),
    [
        ("Steps: 100000", "steps", 150),
        ("Steps: -4", "steps", 1),
        ("Steps: many", "steps", None),
        ("CFG scale: 1e9", "guidance_scale", 30),
        ("CFG scale: nan", "guidance_scale", None),
        ("CFG scale: 1e999", "guidance_scale", None),
        ("CFG scale: -1", "guidance_scale", None),
        ("Steps: 1e999", "steps", None),
        (f"Steps: {'9' * 5_000}", "steps", None),
        (f"Steps: {'9' * 4_000}", "steps", 150),
        ("Seed: ١", "seed", None),
        ("Seed: 1e3", "seed", None),
        ("Size: -1x5", "width", None),
        ("Size: 512×512", "height", None),
        ("Size: 0x0", "width", 64),
        ("Emotion strength: 1e999", "emotion_strength", 0.8),
        ("Quality: \u202e", "quality", "draft"),
        ("Seed: 99999999999", "seed", None),
        ("Seed: -7", "seed", None),
        ("Size: 1x999999", "width", 64),
        ("Size: 1x999999", "height", 2048),
        ("Size: huge", "width", None),
        ("Emotion: <b>", "emotion", "none"),
        ("Emotion strength: inf", "emotion_strength", 0.8),
        ("Emotion strength: -1", "emotion_strength", 0),
        ("Hair style: ../etc", "hair_style", "none"),
        ("Hair colour: plaid", "hair_colour", "none"),
        ("Outfit: 7", "outfit", "none"),
        ("Style: ../etc", "style", "none"),
        ("Preset: turbo", "preset", "balanced"),
        ("Sampler: Magic", "sampler", None),
    ],
)
def test_a_hostile_value_is_changed_and_said(pair, field, value):
    text = "\n".join(["1girl", f"Steps: 20, Model: x, RNG: CPU, {pair}"])
    task, notes = to_task(read(text), samplers=["Euler"])
    assert getattr(task, field) == value
    (note,) = map(str, notes)
    assert pair.split(": ")[1][:40] in note
    assert len(note) < 200


def test_a_guidance_that_is_left_to_the_preset_is_said_so():
    _, notes = to_task(read("1girl\nSteps: 20, Model: x, RNG: CPU, CFG scale: -1"))
    assert notes == (message("infotext.changed", key="CFG scale", value="-1", now=message("fields.unset_auto")),)


def test_an_empty_value_is_changed_and_noted():
    _, notes = to_task(Parameters(prompt="1girl", pairs={"Steps": ""}))
    preset = message("fields.unset_auto")
    assert notes == (message("infotext.changed", key="Steps", value=message("infotext.nothing"), now=preset),)


def test_of_a_key_that_comes_twice_the_last_counts_as_it_does_for_a1111():
    assert to_task(read("1girl\nSteps: 20, Seed: 1, Steps: 9, Model: x"))[0].steps == 9


def test_a_prompt_that_is_too_long_is_cut_and_said():
    task, notes = to_task(read("a" * 5_000))
    assert len(task.prompt) == 4_000
    assert "5,000" in str(notes[0])


def test_settings_without_a_prompt_are_refused():
    with pytest.raises(InvalidRequest, match="no prompt"):
        to_task(read("\nSteps: 1, Seed: 2, Size: 64x64"))


def test_a_text_too_long_for_settings_is_refused():
    with pytest.raises(InvalidRequest, match="characters"):
        read("a" * 140_000)


@pytest.mark.parametrize("body", ["a" * 60_000, "a: " * 20_000, 'a1: "' * 12_000, "a1:" + " " * 60_000, '"\\' * 30_000])
def test_text_that_looks_like_pairs_is_read_in_bounded_time(body):
    assert read(f"1girl\nSteps: 1, Seed: 2, Size: 64x64, {body}").prompt == "1girl"


@given(st.text())
def test_any_text_is_read(text):
    read(text)
    read(f"a\nSteps: 1, Seed: 2, Size: 64x64, {text}")
