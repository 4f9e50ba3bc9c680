"""Colours of a picture in sRGB: of every profile, depth and mode, or a sentence that says why not."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from animegen.messages import message
from animegen.pictures.files import open_picture
from animegen.pictures.sources import upright
from tests import profiles


def stored(image: Image.Image, kind: str, profile: bytes, **options: object) -> Image.Image:
    """Return a picture as it is read from a file of that kind with that profile."""
    file = BytesIO()
    image.save(file, kind, icc_profile=profile, **options)
    file.seek(0)
    return open_picture(file)


def seen(image: Image.Image) -> tuple[object, tuple[str, ...]]:
    page, notes = upright(image)
    return page.getpixel((0, 0)), notes


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_display_p3_is_converted_to_srgb(kind: str, options: dict[str, object], mode: str) -> None:
    image = Image.new(mode, (8, 8), (200, 60, 40))
    assert seen(stored(image, kind, profiles.display_p3(), **options)) == ((217, 42, 23), ())


def test_a_palette_of_display_p3_is_converted_too() -> None:
    palette = Image.new("RGB", (8, 8), (200, 60, 40)).quantize(2)
    assert seen(stored(palette, "PNG", profiles.display_p3())) == ((217, 42, 23), ())


def test_what_is_transparent_stays_so_when_colours_are_converted() -> None:
    image = Image.new("RGBA", (8, 8), (200, 60, 40, 255))
    image.putpixel((0, 0), (200, 60, 40, 0))
    page, notes = upright(stored(image, "PNG", profiles.display_p3()))
    assert (page.getpixel((0, 0)), page.getpixel((1, 1))) == ((255, 255, 255), (217, 42, 23))
    assert notes == (message("pictures.transparent"),)


def test_srgb_itself_stays_as_it_is() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise = Image.effect_noise((32, 32), 90).convert("RGB")
    page, notes = upright(stored(noise, "PNG", profile))
    assert np.abs(np.asarray(page).astype(int) - np.asarray(noise)).max() <= 1
    assert notes == ()


@pytest.mark.parametrize("deep", [False, True])
def test_a_grey_scale_of_its_own_is_converted(deep: bool) -> None:
    image = Image.new("I;16", (8, 8), 128 * 257) if deep else Image.new("L", (8, 8), 128)
    (level, *same), notes = seen(stored(image, "PNG", profiles.grey(1.0)))
    assert level == pytest.approx(188, abs=1)  # half the light
    assert same == [level] * 2
    assert notes == ()


def test_cmyk_is_converted_by_its_profile() -> None:
    cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    (red, green, blue), notes = seen(stored(cyan, "TIFF", profiles.odd_inks()))
    assert (red > 230, green < 60, blue < 60) == (True, True, True)
    assert notes == ()


def test_cmyk_without_a_profile_is_said() -> None:
    colour, notes = seen(Image.new("CMYK", (8, 8), (255, 0, 0, 0)))
    assert colour == (0, 255, 255)
    assert notes == (message("pictures.cmyk_without_profile"),)


@pytest.mark.parametrize(
    ("mode", "profile"),
    [
        ("RGB", b"no profile at all"),
        ("RGB", profiles.display_p3()[:200]),
        ("RGB", profiles.grey(2.2)),
        ("RGB", profiles.odd_inks()),
        ("CMYK", profiles.display_p3()),
    ],
    ids=["words", "cut", "grey", "inks", "screen"],
)
def test_a_profile_that_is_damaged_or_of_other_colours_is_said_and_left_out(mode: str, profile: bytes) -> None:
    image = Image.new("RGB", (8, 8), "red").convert(mode)
    image.info["icc_profile"] = profile
    colour, notes = seen(image)
    assert colour == (255, 0, 0)
    assert notes == (message("pictures.profile_unreadable"),)


# Sixteen bits


def sixteen(*values: int) -> Image.Image:
    file = BytesIO()
    Image.fromarray(np.array([values], dtype=np.uint16)).save(file, "TIFF")
    file.seek(0)
    return open_picture(file)


def test_a_16_bit_tiff_of_a_small_range_is_brightened_and_that_is_said() -> None:
    page, notes = upright(sixteen(0, 1000, 4000))
    assert [pixel[0] for pixel in page.get_flattened_data()] == [0, 63, 255]
    assert notes == (message("pictures.brightened", levels=4000, all=65535),)


def test_a_16_bit_tiff_of_the_whole_range_is_left_as_bright_as_it_is() -> None:
    page, notes = upright(sixteen(0, 257 * 100))
    assert [pixel[0] for pixel in page.get_flattened_data()] == [0, 100]
    assert notes == ()


@pytest.mark.parametrize("image", [Image.new("I;16", (4, 4), 0), Image.new("RGB", (4, 4), (9, 9, 9))])
def test_a_picture_that_is_nearly_black_is_said_to_be_so(image: Image.Image) -> None:
    assert upright(image)[1] == (message("pictures.nearly_black"),)
