"""Settings hidden in the alpha channel of a picture: read, named, or said to be damaged."""

import gzip
import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.pictures.files import open_picture
from animegen.pictures.metadata import parameters

SETTINGS = "青い髪\nNegative prompt: 帽子\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"


def stealth(text: bytes, mark: bytes = b"stealth_pngcomp") -> BytesIO:
    """Return a PNG whose alpha channel hides a text in its lowest bits, column after column."""
    data = mark + struct.pack(">I", 8 * len(text)) + text
    alpha = np.full(64 * 64, 254, np.uint8)
    alpha[: 8 * len(data)] |= np.unpackbits(np.frombuffer(data, np.uint8))
    image = Image.new("RGBA", (64, 64), "pink")
    image.putalpha(Image.fromarray(np.ascontiguousarray(alpha.reshape(64, 64).T)))
    file = BytesIO()
    image.save(file, "PNG")
    return file


def test_settings_hidden_in_the_alpha_channel_are_read() -> None:
    assert parameters(open_picture(stealth(gzip.compress(SETTINGS.encode())))) == SETTINGS
    assert parameters(open_picture(stealth(SETTINGS.encode(), b"stealth_pnginfo"))) == SETTINGS


def test_hidden_settings_of_another_program_are_named() -> None:
    with pytest.raises(InvalidRequest, match="in the format of NovelAI"):
        parameters(open_picture(stealth(gzip.compress(b'{"Software": "NovelAI", "Comment": "{}"}'))))


def test_damaged_settings_in_the_alpha_channel_are_said_to_be() -> None:
    with pytest.raises(InvalidRequest, match="alpha channel of this picture are damaged"):
        parameters(open_picture(stealth(b"no gzip")))


def test_an_alpha_channel_that_hides_nothing_has_no_settings() -> None:
    for size in ((64, 64), (8, 8), (1, 200)):
        file = BytesIO()
        Image.new("RGBA", size, "pink").save(file, "PNG")
        assert parameters(open_picture(file)) is None
