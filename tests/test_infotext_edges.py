"""The settings of a drawing along edges: read back equal, and never trusted."""

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from animegen.infotext import read, to_request, write
from animegen.tasks import Canny

SOURCE = Image.new("RGB", (64, 96), "pink")
LED = Canny(
    image=SOURCE,
    image_kind="sketch",
    prompt="1girl",
    final_prompt="1girl, angry",
    emotion="angry",
    low_threshold=40,
    high_threshold=90,
    conditioning_scale=1.25,
    start=0.1,
    end=0.6,
    steps=20,
    guidance_scale=7.5,
    sampler="DPM++ 2M",
    width=64,
    height=96,
    seed=42,
)


@pytest.mark.parametrize(
    "task",
    [
        LED,
        replace(LED, prompt="", final_prompt="angry"),
        replace(LED, prompt="", final_prompt="", image_kind="edges", start=0.0, end=1.0, conditioning_scale=0.0),
    ],
)
def test_a_request_along_edges_is_read_back_equal(task: Canny) -> None:
    assert to_request(read(write(task, "chibi")), source=SOURCE) == (task, ())


@pytest.mark.parametrize(
    ("written", "hostile", "field", "now"),
    [
        ("Edges of: sketch", "Edges of: film", "image_kind", "auto"),
        ("Canny low threshold: 40", "Canny low threshold: -3", "low_threshold", 1),
        ("Canny high threshold: 90", "Canny high threshold: 20", "high_threshold", 40),
        ("ControlNet scale: 1.25", "ControlNet scale: nan", "conditioning_scale", 0.8),
        ("ControlNet start: 0.1", "ControlNet start: 0.9", "start", 0.599),
    ],
)
def test_hostile_edges_are_changed_and_said(written: str, hostile: str, field: str, now: Any) -> None:
    text = write(LED, "chibi")
    assert written in text
    task, notes = to_request(read(text.replace(written, hostile)), source=SOURCE)
    assert getattr(task, field) == now
    assert len(notes) == 1
    assert notes[0].startswith(hostile.partition(":")[0])
