"""Drawing along edges through the one door: what the picture is taken for, what is told, what is drawn again."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageOps

from animegen.errors import InvalidRequest, ModelUnavailable
from animegen.messages import message
from animegen.models.loading import Parts
from animegen.pictures import edges, infotext
from animegen.studio import Studio
from animegen.tasks import Canny, Picture, TextToImage
from tests import tiny

SKETCH = Image.new("RGB", (300, 180), "white")
ImageDraw.Draw(SKETCH).ellipse((60, 40, 240, 150), outline="black", width=5)
MAP = ImageOps.invert(SKETCH)
PHOTO = Image.new("RGB", (300, 180), "navy")
ImageDraw.Draw(PHOTO).ellipse((60, 40, 240, 150), fill="orange")
TASK = Canny(image=SKETCH, prompt="1girl, blue hair", steps=4, seed=5)
BLANK = message("pictures.no_edges")


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return tiny.parts_with_controlnet(tmp_path)


@pytest.fixture
def studio(parts: Parts) -> Studio:
    return Studio(tiny.ROW, lambda _: parts)


def only(studio: Studio, task: Canny) -> Picture:
    (picture,) = studio.pictures(task)
    return picture


@pytest.mark.parametrize(
    ("image", "kind", "told"),
    [(SKETCH, "sketch", "looks like a sketch"), (MAP, "edges", "looks like an edge map"), (PHOTO, "photo", "")],
    ids=["sketch", "edges", "photo"],
)
def test_what_a_picture_is_is_guessed_told_and_recorded(
    studio: Studio, image: Image.Image, kind: str, told: str
) -> None:
    drawn = only(studio, replace(TASK, image=image))
    assert isinstance(drawn.task, Canny)
    assert drawn.task.image_kind == kind
    assert any("looks like" in str(note) for note in drawn.notes) == bool(told)
    assert any(told in str(note) for note in drawn.notes)


def test_the_guess_can_be_overruled_and_is_not_told_then(studio: Studio) -> None:
    drawn = only(studio, replace(TASK, image_kind="photo"))
    assert isinstance(drawn.task, Canny)
    assert drawn.task.image_kind == "photo"
    assert not any("looks like" in str(note) for note in drawn.notes)
    assert drawn.image.tobytes() != only(studio, TASK).image.tobytes()


def test_the_edges_can_be_seen_before_anything_is_drawn_or_loaded() -> None:
    studio = Studio(tiny.ROW, lambda _: pytest.fail("no weights are needed to see edges"))
    lines, task, notes = studio.edges(TASK)
    assert (lines.mode, lines.size, task.image_kind) == ("L", (96, 64), "sketch")
    assert lines.size == (task.width, task.height)
    assert any("looks like a sketch" in str(note) for note in notes)


def test_the_edges_that_are_seen_are_those_that_lead(studio: Studio) -> None:
    lines, _, _ = studio.edges(TASK)
    led = only(studio, replace(TASK, image=lines.convert("RGB"), image_kind="edges"))
    assert led.image.tobytes() == only(studio, TASK).image.tobytes()


@pytest.mark.parametrize("colour", ["white", "black", "red"])
def test_a_picture_without_edges_is_told_and_drawn_from_its_words(studio: Studio, colour: str) -> None:
    drawn = only(studio, replace(TASK, image=Image.new("RGB", (80, 80), colour)))
    assert BLANK in drawn.notes


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (3, 2)])
def test_a_tiny_picture_is_no_reason_to_fall(studio: Studio, size: tuple[int, int]) -> None:
    assert only(studio, replace(TASK, image=Image.new("RGB", size, "white"))).image.size


@pytest.mark.parametrize("image", [SKETCH, MAP, PHOTO], ids=["sketch", "edges", "photo"])
def test_the_recorded_request_redraws_to_the_bit_from_the_same_source(studio: Studio, image: Image.Image) -> None:
    drawn = only(studio, replace(TASK, image=image, low_threshold=40, end=0.6, conditioning_scale=1.5, seed=-1))
    parameters = infotext.read(infotext.write(drawn.task, drawn.model))
    for source in (image, drawn.task.image):
        request, notes = infotext.to_request(parameters, source=source)
        again = only(studio, request)
        assert notes == ()
        assert again.image.tobytes() == drawn.image.tobytes()
        assert again.task == drawn.task


def test_a_drawing_without_edges_is_that_of_its_words(studio: Studio) -> None:
    free = only(studio, replace(TASK, conditioning_scale=0))
    (words,) = studio.pictures(TextToImage(prompt=TASK.prompt, steps=4, seed=5, width=96, height=64))
    assert free.image.tobytes() == words.image.tobytes()


def test_drawing_along_edges_leaves_no_trace_in_the_next_drawing(studio: Studio) -> None:
    words = TextToImage(prompt=TASK.prompt, steps=4, seed=5)
    (before,) = studio.pictures(words)
    only(studio, TASK)
    (after,) = studio.pictures(words)
    assert before.image.tobytes() == after.image.tobytes()


def test_a_model_without_a_controlnet_says_so_and_draws_on(tmp_path: Path) -> None:
    studio = Studio(tiny.ROW, lambda _: tiny.parts(tmp_path / "empty"))
    with pytest.raises(ModelUnavailable, match="has no ControlNet"):
        studio.pictures(TASK)
    assert studio.pictures(TextToImage(prompt="1girl", steps=2))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"image_kind": "film"}, "unknown_choice"),
        ({"low_threshold": 0}, "integer_range"),
        ({"high_threshold": 256}, "integer_range"),
        ({"low_threshold": 201}, "thresholds"),
        ({"conditioning_scale": 2.1}, "number_range"),
        ({"start": 0.5, "end": 0.5}, "start_end"),
        ({"end": float("nan")}, "not_number"),
        ({"image": None}, "no_picture"),
    ],
)
def test_a_bad_value_is_refused(bad: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        replace(TASK, **bad)
    assert refused.value.message.id == f"tasks.{reason}"


def test_a_photo_keeps_its_colours_until_its_edges_are_looked_for() -> None:
    prepared, _ = edges.prepare(replace(TASK, image=PHOTO), (96, 64))
    assert prepared.image.getpixel((48, 32)) == (255, 165, 0)
