"""controlnet_aux's detectors at a picture's own resolution: their maps are those of OpenCV, and nothing is resized."""

import subprocess
import sys
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from animegen.pictures.detectors import detect, package

SIDES = st.integers(1, 5)
PLAIN: dict[str, Any] = {"capture_output": True, "text": True}


@given(SIDES, SIDES, st.integers(0, 2**32 - 1), st.integers(0, 255), st.integers(0, 255))
@settings(max_examples=30)
def test_the_map_of_the_detector_is_opencvs_at_the_pictures_own_resolution(
    columns: int, rows_of: int, seed: int, low: int, high: int
) -> None:
    picture = smooth((64 * columns, 64 * rows_of), seed)
    found = detect(package().CannyDetector(), picture, low_threshold=low, high_threshold=high)
    assert found.tobytes() == cv2.Canny(np.asarray(picture), low, high).tobytes()


@pytest.mark.parametrize("size", [(1, 1), (96, 80), (130, 63), (300, 41)])
def test_a_picture_of_other_sides_is_not_resized_either(size: tuple[int, int]) -> None:
    picture = smooth(size, 0)
    found = detect(package().CannyDetector(), picture, low_threshold=100, high_threshold=200)
    assert found.tobytes() == cv2.Canny(np.asarray(picture), 100, 200).tobytes()


def smooth(size: tuple[int, int], seed: int) -> Image.Image:
    """Return a picture of random soft spots, which have edges of every strength."""
    shape = max(size[1] // 8, 1), max(size[0] // 8, 1), 3
    spots = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return Image.fromarray(spots).resize(size, Image.Resampling.BICUBIC)


def test_the_detector_is_imported_when_a_photo_needs_it_and_not_before() -> None:
    code = "import sys, animegen.pictures.edges; print('controlnet_aux' in sys.modules, 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, **PLAIN).stdout == "False False\n"


@pytest.mark.slow
def test_the_import_of_the_detector_says_nothing() -> None:
    code = "from animegen.pictures.detectors import package; package()"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=False, **PLAIN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
