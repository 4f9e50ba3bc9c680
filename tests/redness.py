"""A network that finds the character by its red, so that the truth is known; as an ONNX file, at the real one's size.

Before a background without any red, a pixel of a red character is so much of it as it is red.
"""

import numpy as np
import onnx
import onnx.parser
from PIL import Image, ImageDraw

RED = (255, 40, 40)


def network(side: int = 1024) -> bytes:
    """Return the file of a network that answers the red of a square picture."""
    text = f"""
    <ir_version: 8, opset_import: ["": 17]>
    redness (float[1, 3, {side}, {side}] img) => (float[1, 1, {side}, {side}] mask)
    <int64[1] zero = {{0}}, int64[1] one = {{1}}> {{ mask = Slice(img, zero, one, one) }}
    """
    model = onnx.parser.parse_model(text)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def disc(width: int = 192, height: int = 128) -> tuple[Image.Image, Image.Image]:
    """Return a red disc with soft edges before a background that is nowhere plain, and its opacity in grey."""
    opacity = Image.new("L", (4 * width, 4 * height))
    ImageDraw.Draw(opacity).ellipse((width, height, 3 * width, 3 * height), 255)
    opacity = opacity.resize((width, height), Image.Resampling.BOX)
    down, across = np.mgrid[0:height, 0:width]
    waves = 128 + 127 * np.sin(down / 9), 128 + 127 * np.cos(across / 11)
    behind = Image.fromarray(np.stack([0 * down, *waves], axis=2).astype(np.uint8))
    return Image.composite(Image.new("RGB", (width, height), RED), behind, opacity), opacity
