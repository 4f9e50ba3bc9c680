"""The tab that draws along lines, without a browser: its lines before the drawing, and what survives a refresh."""

from pathlib import Path

import gradio as gr
import pytest
from PIL import Image, ImageDraw

from animegen.tasks import IMAGE_KINDS
from animegen.ui.browser_state import restored
from animegen.ui.canny import KINDS, accepts
from animegen.ui.canny_edges import preview
from tests.ui.fake_studio import FakeStudio

File = dict[str, str]


@pytest.fixture
def sketch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> File:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    picture = Image.new("RGB", (256, 256), "white")
    ImageDraw.Draw(picture).ellipse((40, 40, 200, 200), outline="black", width=3)
    picture.save(tmp_path / "sketch.png")
    return {"path": str(tmp_path / "sketch.png")}


def test_every_kind_of_picture_can_be_chosen() -> None:
    assert set(KINDS) == set(IMAGE_KINDS)


def test_the_lines_are_shown_with_what_the_picture_was_taken_for(
    studio: FakeStudio, japanese: gr.Request, sketch: File
) -> None:
    lines, notes = preview(studio)(japanese, image=sketch, image_kind="auto")
    assert lines is not None
    assert (lines.size, lines.getextrema()) == ((256, 256), (0, 255))
    assert notes["value"].startswith("線画とみなし")
    assert studio.drawn == []


def test_another_kind_gives_other_lines(studio: FakeStudio, visitor: gr.Request, sketch: File) -> None:
    as_sketch, _ = preview(studio)(visitor, image=sketch, image_kind="sketch")
    as_photo, _ = preview(studio)(visitor, image=sketch, image_kind="photo")
    assert as_sketch != as_photo


def test_a_kind_that_was_chosen_is_no_guess(studio: FakeStudio, visitor: gr.Request, sketch: File) -> None:
    _, notes = preview(studio)(visitor, image=sketch, image_kind="photo")
    assert "looks like" not in notes["value"]


def test_without_a_picture_there_are_no_lines_and_not_a_word(studio: FakeStudio, visitor: gr.Request) -> None:
    lines, notes = preview(studio)(visitor, image=None, image_kind="auto")
    assert (lines, notes["visible"]) == (None, False)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"low_threshold": 250}, "The low threshold must not be above the high threshold"),
        ({"image": {"path": "/etc/hostname"}}, "Choose a picture first."),
    ],
)
def test_lines_that_cannot_be_are_a_note_and_no_error(
    studio: FakeStudio, visitor: gr.Request, sketch: File, values: dict[str, object], sentence: str
) -> None:
    lines, notes = preview(studio)(visitor, **{"image": sketch, **values})
    assert lines is None
    assert notes["value"].startswith(sentence)


def test_both_thresholds_come_back_also_where_each_is_far_from_the_usual() -> None:
    fields = ["low_threshold", "high_threshold", "start", "end"]
    assert restored(accepts, fields)([220, 250, 0.1, 0.05]) == [220, 250, 0.1, 0.05]


@pytest.mark.parametrize(
    ("name", "value"), [("low_threshold", 0), ("high_threshold", "x"), ("image_kind", "film"), ("end", 0)]
)
def test_what_the_tab_would_not_draw_with_does_not_come_back(name: str, value: object) -> None:
    assert restored(accepts, [name])([value]) == [None]


def test_line_art_which_needs_weights_is_not_previewed(studio: FakeStudio, visitor: gr.Request, sketch: File) -> None:
    lines, notes = preview(studio)(visitor, image=sketch, image_kind="auto", lines="lineart")
    assert (lines, notes["value"]) == (None, "")
