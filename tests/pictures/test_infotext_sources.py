"""The settings of drawings that began with more than words: of a picture, along a path, on a sheet."""

from dataclasses import replace

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.messages import message
from animegen.pictures.infotext import WORDS_ALONE, read, same_source, to_request, to_task, write
from animegen.tasks import Animation, EmotionPath, ExpressionSheet, ImageToImage, TextToImage

SOURCE = Image.new("RGB", (64, 96), "pink")
SAMPLING = {"steps": 9, "guidance_scale": 7.5, "sampler": "Euler a", "width": 64, "height": 96, "seed": 42}
REDRAWN = ImageToImage(
    image=SOURCE,
    prompt="1girl",
    final_prompt="1girl, angry",
    emotion="angry",
    strength=0.6,
    steps=20,
    guidance_scale=7.5,
    sampler="DPM++ 2M",
    width=64,
    height=96,
    seed=42,
)


def test_the_pairs_stand_in_the_order_of_other_programs_and_our_own_behind_them():
    keys = list(read(write(replace(REDRAWN, sampler="DPM++ 2M Karras"), "chibi")).pairs)
    assert keys[:9] == [
        *("Steps", "Sampler", "Schedule type", "CFG scale", "Seed", "Size", "Model", "Denoising strength", "RNG"),
    ]
    assert keys[-1] == "Version"


# What was drawn from a picture


@pytest.mark.parametrize(
    "task",
    [
        REDRAWN,
        replace(REDRAWN, prompt="", final_prompt="angry"),
        replace(REDRAWN, prompt="", final_prompt="", emotion="none", strength=0.0),
        replace(REDRAWN, prompt="Steps: 1", final_prompt="Negative prompt: a", negative_prompt="b\nc"),
    ],
)
def test_a_request_with_a_picture_is_read_back_equal(task):
    assert to_request(read(write(task, "chibi")), source=SOURCE) == (task, ())


def test_other_programs_find_the_denoising_strength():
    assert "Denoising strength: 0.6" in write(REDRAWN, "chibi")


def test_without_its_picture_such_a_request_is_refused():
    with pytest.raises(InvalidRequest, match="another one"):
        to_request(read(write(REDRAWN, "chibi")))


def test_the_words_alone_can_be_used_and_that_is_said():
    task, notes = to_task(read(write(REDRAWN, "chibi")))
    assert (task.final_prompt, task.emotion, task.seed) == ("1girl, angry", "angry", 42)
    assert notes == (WORDS_ALONE,)


def test_settings_know_the_picture_they_were_drawn_from():
    parameters = read(write(REDRAWN, "chibi"))
    assert same_source(parameters, SOURCE.copy())
    assert not same_source(parameters, Image.new("RGB", (64, 96), "blue"))


def test_a_hostile_strength_is_changed_and_said():
    text = write(REDRAWN, "chibi").replace("Denoising strength: 0.6", "Denoising strength: 1e9")
    task, notes = to_request(read(text), source=SOURCE)
    assert task.strength == 1
    assert notes == (message("infotext.changed", key="Denoising strength", value="1e9", now=1.0),)


def test_words_alone_are_the_same_request_either_way():
    words = TextToImage(prompt="1girl", final_prompt="1girl, smile", **SAMPLING)
    assert to_request(read(write(words, "chibi"))) == (words, ())


# What was drawn along a path

FRAMES = [
    EmotionPath(prompt="1girl, 青い髪", from_emotion="happy", to_emotion="sad", frame=3, shared_steps=0.4, **SAMPLING),
    EmotionPath(prompt="1girl", from_emotion="happy,calm", to_emotion="sad,angry", to_strength=1.0, **SAMPLING),
    EmotionPath(image=SOURCE, from_emotion="calm", to_emotion="calm", strength=0.4, from_strength=0.1, **SAMPLING),
    Animation(image=SOURCE, emotions="happy, sad,calm", frames=16, frame=16, first_strength=0.1, **SAMPLING),
    Animation(image=SOURCE, prompt="1girl", emotions="happy", negative_prompt="a,\nb", style="kimono", **SAMPLING),
    ExpressionSheet(prompt="1girl, 青い髪", emotions="neutral, happy", transparent=True, **SAMPLING),
    ExpressionSheet(prompt="1girl", emotions="sad", emotion_strength=1.0, outfit="kimono", **SAMPLING),
]


@pytest.mark.parametrize("task", FRAMES, ids=lambda task: task.name)
def test_a_frame_is_read_back_equal(task):
    assert to_request(read(write(task, "chibi")), source=SOURCE) == (task, ())


@pytest.mark.parametrize(
    ("pair", "field", "value"),
    [
        ("Frames: 900", "frames", 32),
        ("Frame: 99", "frame", 9),
        ("From emotion: <b>", "from_emotion", ("none",)),
        ("To strength: nan", "to_strength", 0.8),
        ("Shared steps: 5", "shared_steps", 0.9),
    ],
)
def test_a_hostile_value_of_a_frame_is_changed_and_said(pair, field, value):
    text = f"1girl\nSteps: 9, Task: emotion_path, Raw prompt: 1girl, {pair}"
    task, notes = to_request(read(text))
    assert getattr(task, field) == value
    assert [str(note).split(" '")[0] for note in notes] == [pair.split(": ")[0]]


def test_a_hostile_value_of_a_sheet_is_changed_and_said():
    text = "1girl\nSteps: 9, Task: expression_sheet, Raw prompt: 1girl, Emotions: <b>, Transparent: 7"
    task, notes = to_request(read(text))
    assert task == ExpressionSheet(prompt="1girl", emotions="neutral", quality="draft", steps=9)
    assert [str(note).split(" '")[0] for note in notes] == ["Emotions", "Transparent"]
