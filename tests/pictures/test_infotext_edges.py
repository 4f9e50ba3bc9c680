"""The settings of a drawing along edges: read back equal, and never trusted."""

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from animegen.messages import message
from animegen.pictures.infotext import read, to_request, to_task, write
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
    ("kind", "module"),
    [("photo", "canny"), ("edges", "none"), ("sketch", "invert (from white bg & black line)")],
)
def test_the_controlnet_is_told_as_its_extension_for_a1111_tells_it(kind: str, module: str) -> None:
    unit = (
        f"Module: {module}, Weight: 1.25, Resize Mode: Crop and Resize, Threshold A: 40, Threshold B: 90, "
        "Guidance Start: 0.1, Guidance End: 0.6, Pixel Perfect: True, Control Mode: Balanced"
    )
    assert read(write(replace(LED, image_kind=kind), "chibi")).pairs["ControlNet 0"] == unit


def test_the_controlnet_of_another_program_is_named_and_not_guessed() -> None:
    unit = '"Module: depth_leres++, Model: control_v11f1p_sd15_depth [cfd03158], Weight: 0.4"'
    _, notes = to_task(read(f"1girl\nSteps: 20, Sampler: Euler, Seed: 1, ControlNet 0: {unit}, ControlNet 1: {unit}"))
    assert notes == (message("infotext.unused", keys=("ControlNet 0", "ControlNet 1")),)


@pytest.mark.parametrize(
    ("written", "hostile", "field", "now"),
    [
        ("Edges of: sketch", "Edges of: film", "image_kind", "auto"),
        ("Threshold A: 40", "Threshold A: -3", "low_threshold", 1),
        ("Threshold B: 90", "Threshold B: 20", "high_threshold", 40),
        ("Weight: 1.25", "Weight: nan", "conditioning_scale", 0.8),
        ("Guidance Start: 0.1", "Guidance Start: 0.9", "start", 0.599),
    ],
)
def test_hostile_edges_are_changed_and_said(written: str, hostile: str, field: str, now: Any) -> None:
    text = write(LED, "chibi")
    assert written in text
    task, notes = to_request(read(text.replace(written, hostile)), source=SOURCE)
    assert getattr(task, field) == now
    (note,) = map(str, notes)
    assert note.startswith(hostile.partition(":")[0])


def test_line_art_is_named_by_its_preprocessor_for_a1111() -> None:
    request = Canny(image=Image.new("RGB", (64, 64)), prompt="1girl", image_kind="photo", lines="lineart")
    assert "Module: lineart_anime" in write(request, "chibi")
