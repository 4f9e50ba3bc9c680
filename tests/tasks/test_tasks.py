"""The requests: what they take, what they refuse, and which requests they are made of."""

import dataclasses
from typing import Any

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.tasks import (
    TASKS,
    Animation,
    EmotionPath,
    ExpressionSheet,
    ImageToImage,
    Lora,
    Request,
    TextToImage,
    fields,
)

PICTURE = Image.new("RGB", (8, 8))


def refusal(task: type[Request], **values: Any) -> tuple[str, str]:
    """Return the id of the message with which a request is refused, and the field that it names."""
    with pytest.raises(InvalidRequest) as caught:
        task(**values)
    message = caught.value.message
    field = dict(message.values).get("field")
    return message.id.removeprefix("tasks."), field.id.removeprefix("fields.") if field else ""


# What was not requested


@pytest.mark.parametrize("value", [0, 0.0, None])
@pytest.mark.parametrize("field", ["steps", "guidance_scale", "width", "height"])
def test_a_zero_of_a_script_is_unset(field: str, value: object) -> None:
    assert getattr(TextToImage(prompt="1girl", **{field: value}), field) is None


def test_an_empty_sampler_and_a_seed_of_minus_one_are_unset() -> None:
    request = TextToImage(prompt="1girl", sampler="", seed=-1)
    assert (request.sampler, request.seed) == (None, None)


def test_a_frame_of_zero_is_all_frames() -> None:
    assert EmotionPath(prompt="1girl", frames=3, frame=0).numbers == (1, 2, 3)


def test_no_flag_is_taken_for_a_number() -> None:
    assert refusal(TextToImage, prompt="1girl", steps=False) == ("not_integer", "steps")


def test_half_a_character_is_refused_before_a_tokenizer_or_a_file_meets_it():
    assert refusal(TextToImage, prompt="1girl \ud800") == ("half_character", "prompt")


@pytest.mark.parametrize("image", [None, "girl.png", b"", 7])
def test_a_drawing_from_a_picture_needs_one(image):
    assert refusal(ImageToImage, image=image) == ("no_picture", "image")


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan"), "0.5", True])
def test_a_strength_is_from_nothing_to_all(strength):
    assert refusal(ImageToImage, image=PICTURE, strength=strength)[1] == "strength"


def test_a_drawing_from_a_picture_needs_no_words():
    assert ImageToImage(image=PICTURE).prompt == ""


def test_each_picture_of_several_has_a_request_of_its_own():
    task = ImageToImage(image=PICTURE, count=3, seed=5)
    assert [(single.seed, single.count) for single in task.singles()] == [(5, 1), (6, 1), (7, 1)]


@pytest.mark.parametrize("task", TASKS)
def test_every_field_of_a_task_is_described(task):
    assert sorted(field.name for field in fields(task)) == sorted(field.name for field in dataclasses.fields(task))


def test_required_fields_come_first():
    assert [field.name for field in fields(ImageToImage)][:3] == ["image", "prompt", "negative_prompt"]
    assert [field.name for field in fields(EmotionPath)][:3] == ["prompt", "image", "negative_prompt"]


@pytest.mark.parametrize("task", [TextToImage, EmotionPath])
def test_a_whole_number_may_be_written_with_a_point(task):
    drawn = task(prompt="1girl", steps=4.0, width=256.0, height=64.0, seed=42.0)
    assert drawn == task(prompt="1girl", steps=4, width=256, height=64, seed=42)
    assert [type(number) for number in (drawn.steps, drawn.width, drawn.height, drawn.seed)] == [int] * 4


@pytest.mark.parametrize("number", [4.5, float("nan"), float("inf"), "4", True])
def test_what_is_no_whole_number_is_refused(number):
    assert refusal(TextToImage, prompt="1girl", steps=number) == ("not_integer", "steps")


@pytest.mark.parametrize("field", ["width", "guidance_scale"])
@pytest.mark.parametrize("digits", [400, 5_000])
def test_a_number_of_thousands_of_digits_is_a_sentence(field: str, digits: int) -> None:
    with pytest.raises(InvalidRequest, match="… is out of range"):
        TextToImage(prompt="1girl", **{field: 10**digits})


# Frames


def test_a_path_has_an_end_for_each_of_its_beginnings():
    path = EmotionPath(prompt="1girl", from_emotion="happy, calm", to_emotion="sad,angry", to_strength=1.0, frames=2)
    assert path.pairs == (("happy", "sad"), ("calm", "angry"))
    assert [(still.emotion, still.emotion_strength) for still in path.prompts()] == [
        ("happy", 0.8), ("sad", 1.0), ("calm", 0.8), ("angry", 1.0),
    ]  # fmt: skip
    assert [(single.from_emotion, single.frame) for single in path.singles()] == [
        (("happy",), 1), (("happy",), 2), (("calm",), 1), (("calm",), 2),
    ]  # fmt: skip


def test_the_ends_of_a_path_are_requests_with_everything_else_as_in_the_path():
    words = EmotionPath(prompt="1girl", style="kimono", steps=9, seed=3).prompts()[0]
    drawn = EmotionPath(image=PICTURE, strength=0.4, quality="high").prompts()[1]
    assert words == TextToImage(prompt="1girl", emotion="calm", style="kimono", steps=9, seed=3)
    assert drawn == ImageToImage(image=PICTURE, emotion="happy", strength=0.4, quality="high")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"prompt": ""}, ("empty_prompt", "")),
        ({"from_emotion": "happy,sad"}, ("path_ends", "")),
        ({"from_emotion": ""}, ("name_count", "from_emotion")),
        ({"from_emotion": ",".join(["sad"] * 9), "to_emotion": ",".join(["sad"] * 9)}, ("name_count", "from_emotion")),
        ({"from_emotion": "a,b,c", "to_emotion": "a,b,c", "frames": 32}, ("too_many_frames", "")),
        ({"frames": 1}, ("integer_range", "frames")),
        ({"frames": 33}, ("integer_range", "frames")),
        ({"frames": 5, "frame": 6}, ("frame_number", "")),
        ({"shared_steps": 1.0}, ("number_range", "shared_steps")),
        ({"image": "x.png"}, ("no_picture", "image")),
        ({"from_strength": 2}, ("number_range", "from_strength")),
        ({"to_emotion": 7}, ("not_text", "to_emotion")),
    ],
)
def test_a_path_that_cannot_be_is_refused(wrong, reason):
    assert refusal(EmotionPath, **{"prompt": "1girl"} | wrong) == reason


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"image": None}, ("no_picture", "image")),
        ({"emotions": " , "}, ("name_count", "emotions")),
        ({"frames": 7}, ("integer_range", "frames")),
        ({"frames": 17}, ("integer_range", "frames")),
        ({"last_strength": -0.1}, ("number_range", "last_strength")),
    ],
)
def test_an_animation_that_cannot_be_is_refused(wrong, reason):
    assert refusal(Animation, **{"image": PICTURE} | wrong) == reason


# Sheets


def test_a_sheet_keeps_to_a_neutral_face_whether_it_shows_it_or_not():
    sheet = ExpressionSheet(prompt="1girl", emotions="happy, neutral", emotion_strength=0.6)
    assert [(still.emotion, still.emotion_strength) for still in sheet.prompts()] == [
        ("calm", 0.0), ("happy", 0.6), ("calm", 0.0),
    ]  # fmt: skip
    assert [single.emotions for single in sheet.singles()] == [("happy",), ("neutral",)]


def test_a_sheet_to_be_cut_out_is_drawn_before_a_plain_background_unless_the_words_name_one():
    def words(prompt):
        return {still.prompt for still in ExpressionSheet(prompt=prompt, transparent=True).prompts()}

    assert words("1girl, ") == {"1girl, blue background"}
    assert words("1girl, white background") == {"1girl, white background"}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"prompt": " "}, ("empty_prompt", "")),
        ({"emotions": ""}, ("name_count", "emotions")),
        ({"emotions": "happy,happy"}, ("name_twice", "emotions")),
        ({"emotions": 7}, ("not_text", "emotions")),
        ({"emotion_strength": 2}, ("number_range", "emotion_strength")),
        ({"transparent": 1}, ("not_flag", "transparent")),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(wrong, reason):
    assert refusal(ExpressionSheet, **{"prompt": "1girl"} | wrong) == reason


# LoRAs


def test_loras_are_typed_as_names_and_weights_and_the_weight_may_be_left_to_their_maker():
    task = TextToImage(prompt="1girl", loras=["ink:0.8", " soft.v2 ", Lora("line_art", 2)])
    assert task.loras == (Lora("ink", 0.8), Lora("soft.v2"), Lora("line_art", 2))
    assert [str(each) for each in task.loras] == ["ink:0.8", "soft.v2", "line_art:2"]


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_loras_and_none_by_default(task):
    (found,) = [field for field in fields(task) if field.name == "loras"]
    assert found.default == ()


def test_the_ends_of_a_path_and_the_faces_of_a_sheet_keep_its_loras():
    ink = (Lora("ink", 0.5),)
    path, sheet = EmotionPath(prompt="1girl", loras=ink), ExpressionSheet(prompt="1girl", loras=ink)
    assert {still.loras for still in (*path.prompts(), *sheet.prompts())} == {ink}
    assert {single.loras for single in (*path.singles(), *sheet.singles())} == {ink}


@pytest.mark.parametrize(
    ("loras", "reason"),
    [
        ("ink:1", "lora_list"),
        ([7], "lora_list"),
        ([""], "lora_name"),
        (["../ink"], "lora_name"),
        (["/etc/passwd"], "lora_name"),
        (["C:\\ink"], "lora_weight"),
        (["ink\0"], "lora_name"),
        (["墨"], "lora_name"),
        (["x" * 300], "lora_name"),
        (["ink:3"], "lora_weight"),
        (["ink:nan"], "lora_weight"),
        (["ink:-1"], "lora_weight"),
        (["ink:"], "lora_weight"),
        (["ink:strong"], "lora_weight"),
        (["ink:1:1"], "lora_weight"),
        ([Lora("ink", 1), "ink"], "lora_twice"),
        (["a", "b", "c", "d", "e"], "lora_count"),
    ],
)
def test_loras_that_cannot_be_are_refused(loras, reason):
    assert refusal(TextToImage, prompt="1girl", loras=loras)[0] == reason
