from dataclasses import fields

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.tasks import (
    TASKS,
    Animation,
    Canny,
    EmotionPath,
    ExpressionSheet,
    ImageToImage,
    Lora,
    TextToImage,
    asked,
)


def test_half_a_character_is_refused_before_a_tokenizer_or_a_file_meets_it():
    with pytest.raises(InvalidRequest, match="half a character"):
        TextToImage(prompt="1girl \ud800")


@pytest.mark.parametrize("image", [None, "girl.png", b"", 7])
def test_a_drawing_from_a_picture_needs_one(image):
    with pytest.raises(InvalidRequest, match="no picture to begin with"):
        ImageToImage(image=image)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan"), "0.5", True])
def test_a_strength_is_from_nothing_to_all(strength):
    with pytest.raises(InvalidRequest, match="The strength"):
        ImageToImage(image=Image.new("RGB", (8, 8)), strength=strength)


def test_a_drawing_from_a_picture_needs_no_words():
    assert ImageToImage(image=Image.new("RGB", (8, 8))).prompt == ""


def test_each_picture_of_several_has_a_request_of_its_own():
    task = ImageToImage(image=Image.new("RGB", (8, 8)), count=3, seed=5)
    assert [(single.seed, single.count) for single in task.singles()] == [(5, 1), (6, 1), (7, 1)]


def test_marks_are_off_until_they_are_requested():
    image = Image.new("RGB", (8, 8))
    tasks = [TextToImage(prompt="-"), ImageToImage(image=image), Canny(image=image), EmotionPath(prompt="-")]
    assert {task.marks for task in (*tasks, Animation(image=image))} == {"none"}


@pytest.mark.parametrize("task", TASKS)
def test_every_field_has_its_place_among_what_is_asked_for(task):
    assert sorted(field.name for field in asked(task)) == sorted(field.name for field in fields(task))


def test_what_must_be_said_is_asked_for_first():
    assert [field.name for field in asked(ImageToImage)][:3] == ["image", "prompt", "negative_prompt"]
    assert [field.name for field in asked(EmotionPath)][:3] == ["prompt", "image", "negative_prompt"]


@pytest.mark.parametrize("task", [TextToImage, EmotionPath])
def test_a_whole_number_may_be_written_with_a_point(task):
    drawn = task(prompt="1girl", steps=4.0, width=256.0, height=0.0, seed=42.0)
    assert drawn == task(prompt="1girl", steps=4, width=256, height=0, seed=42)
    assert [type(number) for number in (drawn.steps, drawn.width, drawn.height, drawn.seed)] == [int] * 4


@pytest.mark.parametrize("number", [4.5, float("nan"), float("inf"), "4", True])
def test_what_is_no_whole_number_is_refused(number):
    with pytest.raises(InvalidRequest, match="whole number"):
        TextToImage(prompt="1girl", steps=number)


# Frames


def test_a_path_has_an_end_for_each_of_its_beginnings():
    path = EmotionPath(prompt="1girl", from_emotion="happy, calm", to_emotion="sad,angry", to_strength=1.0, frames=2)
    assert path.pairs == (("happy", "sad"), ("calm", "angry"))
    assert [(still.emotion, still.emotion_strength) for still in path.stills()] == [
        ("happy", 0.8), ("sad", 1.0), ("calm", 0.8), ("angry", 1.0),
    ]  # fmt: skip
    assert [(single.from_emotion, single.frame) for single in path.singles()] == [
        ("happy", 1), ("happy", 2), ("calm", 1), ("calm", 2),
    ]  # fmt: skip


def test_the_ends_of_a_path_are_requests_with_everything_else_as_in_the_path():
    picture = Image.new("RGB", (8, 8))
    words = EmotionPath(prompt="1girl", style="kimono", marks="flame", steps=9, seed=3).stills()[0]
    drawn = EmotionPath(image=picture, strength=0.4, quality="high").stills()[1]
    assert words == TextToImage(prompt="1girl", emotion="calm", style="kimono", marks="flame", steps=9, seed=3)
    assert drawn == ImageToImage(image=picture, emotion="happy", strength=0.4, quality="high")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"prompt": ""}, "say whom to draw, or choose a picture"),
        ({"from_emotion": "happy,sad"}, "begins with 2 emotions and ends with 1"),
        ({"from_emotion": ""}, "begins with 0 emotions"),
        ({"from_emotion": ",".join(["sad"] * 9), "to_emotion": ",".join(["sad"] * 9)}, "from 1 to 8"),
        ({"from_emotion": "a,b,c", "to_emotion": "a,b,c", "frames": 32}, "96 frames"),
        ({"frames": 1}, "The number of frames"),
        ({"frames": 33}, "The number of frames"),
        ({"frames": 5, "frame": 6}, "The frame is 6"),
        ({"shared_steps": 1.0}, "The part of the steps"),
        ({"image": "x.png"}, "no picture to begin with"),
        ({"from_strength": 2}, "The strength at the beginning"),
        ({"to_emotion": 7}, "The emotion must be text"),
    ],
)
def test_a_path_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(InvalidRequest, match=message):
        EmotionPath(**{"prompt": "1girl"} | wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"image": None}, "no picture to begin with"),
        ({"emotions": " , "}, "Name from 1 to 8 emotions"),
        ({"frames": 7}, "from 8 to 16"),
        ({"frames": 17}, "from 8 to 16"),
        ({"last_strength": -0.1}, "The strength at the end"),
    ],
)
def test_an_animation_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(InvalidRequest, match=message):
        Animation(**{"image": Image.new("RGB", (8, 8))} | wrong)


# Sheets


def test_a_sheet_keeps_to_a_neutral_face_whether_it_shows_it_or_not():
    sheet = ExpressionSheet(prompt="1girl", emotions="happy, neutral", emotion_strength=0.6)
    assert [(still.emotion, still.emotion_strength) for still in sheet.stills()] == [
        ("calm", 0.0), ("happy", 0.6), ("calm", 0.0),
    ]  # fmt: skip
    assert [single.emotions for single in sheet.singles()] == ["happy", "neutral"]


def test_a_sheet_to_be_cut_out_is_drawn_before_a_plain_background_unless_the_words_name_one():
    def words(prompt):
        return {still.prompt for still in ExpressionSheet(prompt=prompt, transparent=True).stills()}

    assert words("1girl, ") == {"1girl, blue background"}
    assert words("1girl, white background") == {"1girl, white background"}


def test_a_sheet_takes_no_marks_and_its_pictures_have_none():
    assert "marks" not in {field.name for field in fields(ExpressionSheet)}
    assert {still.marks for still in ExpressionSheet(prompt="1girl").stills()} == {"none"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"prompt": " "}, "The prompt is empty"),
        ({"emotions": ""}, "Name from 1 to 16 emotions"),
        ({"emotions": "happy,happy"}, "each once"),
        ({"emotions": 7}, "The emotion must be text"),
        ({"emotion_strength": 2}, "The emotion strength"),
        ({"transparent": 1}, "either true or false"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(InvalidRequest, match=message):
        ExpressionSheet(**{"prompt": "1girl"} | wrong)


# LoRAs


def test_loras_are_typed_as_names_and_weights_and_the_weight_may_be_left_to_their_maker():
    task = TextToImage(prompt="1girl", loras=["ink:0.8", " soft.v2 ", Lora("line_art", 2)])
    assert task.loras == (Lora("ink", 0.8), Lora("soft.v2"), Lora("line_art", 2))
    assert [str(each) for each in task.loras] == ["ink:0.8", "soft.v2", "line_art:2"]


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_loras_and_none_by_itself(task):
    (found,) = [field for field in fields(task) if field.name == "loras"]
    assert found.default == ()


def test_the_ends_of_a_path_and_the_faces_of_a_sheet_keep_its_loras():
    ink = (Lora("ink", 0.5),)
    path, sheet = EmotionPath(prompt="1girl", loras=ink), ExpressionSheet(prompt="1girl", loras=ink)
    assert {still.loras for still in (*path.stills(), *sheet.stills())} == {ink}
    assert {single.loras for single in (*path.singles(), *sheet.singles())} == {ink}


@pytest.mark.parametrize(
    ("loras", "message"),
    [
        ("ink:1", "a list of names"),
        ([7], "a list of names"),
        ([""], "no LoRA named ''"),
        (["../ink"], "no LoRA named '../ink'"),
        (["/etc/passwd"], "no LoRA named"),
        (["C:\\ink"], "no LoRA named|The weight"),
        (["ink\0"], "no LoRA named"),
        (["墨"], "no LoRA named"),
        (["x" * 300], "no LoRA named"),
        (["ink:3"], "is 3.0; choose a number from 0 to 2"),
        (["ink:nan"], "The weight"),
        (["ink:-1"], "The weight"),
        (["ink:"], "The weight"),
        (["ink:strong"], "The weight"),
        (["ink:1:1"], "The weight"),
        ([Lora("ink", 1), "ink"], "named twice"),
        (["a", "b", "c", "d", "e"], "at most 4"),
    ],
)
def test_loras_that_cannot_be_are_refused(loras, message):
    with pytest.raises(InvalidRequest, match=message):
        TextToImage(prompt="1girl", loras=loras)
