"""Rows of text, such as lines of a batch file, as requests."""

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.tasks import EmotionPath, ExpressionSheet, ImageToImage, Lora, TextToImage, read_row

PICTURE = Image.new("RGB", (8, 8))


def test_a_number_is_read_from_its_digits() -> None:
    row = {"prompt": "1girl", "steps": "3", "guidance_scale": "2.5", "seed": " 42 "}
    assert read_row(TextToImage, row) == TextToImage(prompt="1girl", steps=3, guidance_scale=2.5, seed=42)


def test_an_empty_cell_is_unset() -> None:
    assert read_row(TextToImage, {"prompt": "1girl", "steps": "", "style": " "}) == TextToImage(prompt="1girl")


def test_names_loras_and_flags_are_read_from_their_words() -> None:
    row = {"prompt": "1girl", "emotions": "happy, sad", "loras": "ink:0.5 soft", "transparent": "yes"}
    read = read_row(ExpressionSheet, row)
    assert (read.emotions, read.loras, read.transparent) == (
        ("happy", "sad"), (Lora("ink", 0.5), Lora("soft")), True,
    )  # fmt: skip


def test_a_picture_is_given_opened() -> None:
    assert read_row(ImageToImage, {"strength": "0.5"}, image=PICTURE) == ImageToImage(image=PICTURE, strength=0.5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"prompt": "1girl", "stepz": "3"}, "tasks.unknown_column"),
        ({"prompt": "1girl", "steps": "three"}, "tasks.not_integer"),
        ({"prompt": "1girl", "steps": "3.5"}, "tasks.not_integer"),
        ({"prompt": "1girl", "guidance_scale": "nan"}, "tasks.not_number"),
        ({"prompt": "1girl", "frames": "1"}, "tasks.integer_range"),
        ({"prompt": "1girl", "ping_pong": "maybe"}, "tasks.not_flag"),
        ({"prompt": "", "steps": "3"}, "tasks.empty_prompt"),
    ],
)
def test_a_row_that_is_no_request_is_refused(row: dict[str, str], reason: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_row(EmotionPath, row)
    assert caught.value.message.id == reason


def test_a_row_without_a_required_prompt_is_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidRequest, match="The prompt is empty"):
        read_row(TextToImage, {"steps": "3"})
