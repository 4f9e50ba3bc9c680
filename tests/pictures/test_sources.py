"""The picture a drawing begins with: whatever its size and mode, it is prepared, and what that took is told."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from animegen.errors import InvalidRequest
from animegen.messages import message
from animegen.pictures.sources import Sides, digest, fitted, upright

CHIBI = Sides(own=128, low=64, high=256, step=32)
STABLE = Sides(own=512, low=256, high=1024, step=64)
EASY = ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "LA", "PA", "I;16"]


@pytest.mark.parametrize("mode", EASY)
def test_every_usual_mode_becomes_rgb(mode):
    image, _ = upright(Image.new(mode, (6, 4)))
    assert (image.mode, image.size) == ("RGB", (6, 4))


@pytest.mark.parametrize("mode", ["I", "F"])
def test_a_picture_without_an_agreed_white_is_refused(mode):
    with pytest.raises(InvalidRequest, match="32 bits"):
        upright(Image.new(mode, (6, 4)))


def test_sixteen_bits_keep_their_greys():
    image = Image.fromarray(np.array([[0, 257 * 100, 65535]], dtype=np.uint16))
    grey, _ = upright(image)
    assert [pixel[0] for pixel in grey.get_flattened_data()] == [0, 100, 255]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_is_put_on_white_and_told(mode):
    clear = Image.new("RGBA", (2, 1), (255, 0, 0, 0))
    clear.putpixel((1, 0), (0, 0, 0, 255))
    image, notes = upright(clear.convert(mode) if mode != "PA" else clear.quantize().convert("PA"))
    assert image.getpixel((1, 0)) == (0, 0, 0)
    assert notes == (message("pictures.transparent"),)


def test_an_alpha_channel_that_hides_nothing_is_not_worth_a_word():
    image, notes = upright(Image.new("RGBA", (1, 1), (255, 0, 0, 255)))
    assert (image.getpixel((0, 0)), notes) == ((255, 0, 0), ())


def test_half_transparent_is_half_white():
    image, _ = upright(Image.new("RGBA", (1, 1), (0, 0, 0, 128)))
    assert image.getpixel((0, 0)) == (127, 127, 127)


def test_a_palette_with_a_transparent_colour_is_put_on_white():
    image = Image.new("P", (2, 1), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((1, 0), 1)
    image.info["transparency"] = 0
    assert list(upright(image)[0].get_flattened_data()) == [(255, 255, 255), (255, 0, 0)]


def test_nothing_but_the_pixels_is_left():
    image = Image.new("RGB", (2, 2))
    image.info = {"comment": "secret", "icc_profile": b"x", "parameters": "secret"}
    image.getexif()[ExifTags.Base.Artist] = "secret"
    bare, _ = upright(image)
    assert (bare.info, dict(bare.getexif())) == ({}, {})
    assert image.info["comment"] == "secret"


def test_a_picture_that_was_prepared_stays_as_it_is():
    once, _ = upright(Image.effect_noise((64, 96), 80).convert("RGBA"))
    twice, notes = upright(once)
    assert (twice.tobytes(), notes) == (once.tobytes(), ())
    assert fitted(once, once.size) == (once, ())


@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        ((128, 128), (128, 128)),
        ((192, 128), (192, 128)),
        ((200, 130), (192, 128)),
        ((1000, 600), (160, 96)),
        ((600, 1000), (96, 160)),
        ((10, 10), (128, 128)),
        ((6000, 60), (256, 64)),
        ((1, 24_000_000), (64, 256)),
    ],
)
def test_a_picture_is_drawn_at_a_size_near_its_own_or_of_the_models_area(size, drawn):
    assert CHIBI.of(*size) == drawn


@given(st.integers(1, 30_000), st.integers(1, 30_000), st.sampled_from([CHIBI, STABLE]))
def test_every_size_finds_one_that_the_model_draws_and_keeps_its_shape(width, height, sides):
    drawn = sides.of(width, height)
    assert all(sides.low <= side <= sides.high and side % sides.step == 0 for side in drawn)
    if max(width, height) <= 2 * min(width, height):
        assert drawn[0] / drawn[1] == pytest.approx(width / height, rel=0.35)


def test_what_stands_over_is_cut_in_the_middle_and_told():
    image = Image.new("RGB", (300, 100), "red")
    image.paste("blue", (100, 0, 200, 100))
    square, notes = fitted(image, (64, 64))
    assert square.size == (64, 64)
    assert square.getpixel((32, 32)) == square.getpixel((3, 3)) == (0, 0, 255)
    assert notes == (message("pictures.cropped_sides", size="300x100", drawn="64x64"),)


def tall() -> Image.Image:
    """Return a tall white picture with a red head near its top."""
    image = Image.new("RGB", (256, 512), "white")
    image.paste("red", (64, 20, 192, 120))
    return image


def test_the_head_of_a_tall_picture_is_kept_and_that_is_said():
    image, notes = fitted(tall(), (256, 256))
    assert image.getpixel((128, 70)) == (255, 0, 0)
    assert notes == (message("pictures.cropped_below", size="256x512", drawn="256x256"),)


def test_the_middle_of_a_tall_picture_is_kept_where_that_is_chosen():
    image, notes = fitted(tall(), (256, 256), "crop")
    assert {colour for _, colour in image.getcolors()} == {(255, 255, 255)}
    assert notes == (message("pictures.cropped", size="256x512", drawn="256x256"),)


@pytest.mark.parametrize("size", [(256, 512), (512, 256)])
def test_all_of_a_picture_is_kept_with_its_border_around_it(size):
    image = Image.new("RGB", size, "blue")
    image.paste("red", (100, 100, 156, 156))
    padded, notes = fitted(image, (256, 256), "pad")
    assert padded.getpixel((0, 0)) == padded.getpixel((255, 255)) == (0, 0, 255)
    assert sum(count for count, (red, _, blue) in padded.getcolors() if red > blue) == pytest.approx(28 * 28, rel=0.1)
    assert notes == (message("pictures.padded", size=f"{size[0]}x{size[1]}", drawn="256x256"),)


@pytest.mark.parametrize("how", ["fit", "crop", "pad"])
def test_of_a_picture_of_the_same_shape_nothing_is_cut_and_nothing_added(how):
    image = Image.effect_noise((301, 300), 50).convert("RGB")
    page, notes = fitted(image, (64, 64), how)
    assert page.size == (64, 64)
    assert notes == (message("pictures.resized", size="301x300", drawn="64x64"),)


def test_pictures_are_told_apart_by_size_and_pixels():
    flat = [Image.new("RGB", size, colour) for size in ((2, 8), (8, 2)) for colour in ("red", "blue")]
    assert len({digest(image) for image in flat}) == 4
    assert digest(flat[0]) == digest(flat[0].copy())


MEASURED = """
import resource, struct, sys, warnings, zlib
from io import BytesIO

warnings.simplefilter("ignore")
from animegen.errors import InvalidRequest
from animegen.pictures.files import open_picture
from animegen.pictures.sources import upright


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, body, *more):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return BytesIO(b"\\x89PNG\\r\\n\\x1a\\n" + head + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


before = megabytes()
words = chunk(b"zTXt", b"a\\0\\0" + zlib.compress(bytes(300_000_000)))
for bomb in (png(30_000, 30_000, zlib.compress(bytes(10))), png(8, 8, zlib.compress(bytes(264)), words)):
    try:
        open_picture(bomb)
    except InvalidRequest:
        pass
print(megabytes() - before)
pack = zlib.compressobj(1)
rows = b"".join(pack.compress(bytes(1 + 4 * 6_000)) for _ in range(4_000)) + pack.flush()
upright(open_picture(png(6_000, 4_000, rows)))
print(megabytes() - before)
"""


@pytest.mark.slow
def test_a_bomb_takes_no_memory_and_the_largest_picture_a_bounded_part():
    done = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, text=True, check=True)
    bombs, largest = map(float, done.stdout.split())
    assert bombs < 50
    assert largest < 600
