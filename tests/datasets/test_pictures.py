"""A picture as it is trained on: upright, opaque, scaled and cut to its bucket; and where its loss counts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from animegen.datasets.pictures import load
from animegen.errors import DatasetRefused
from tests.datasets.folders import drawing, recipe, sample, write_picture

GREEN, BLUE = (0, 255, 0), (0, 0, 255)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.png"


def loaded(image: Image.Image, path: Path, size=(64, 64), flipped=False, exif=None, **values):
    image.save(path, **({"exif": exif} if exif else {}))
    return load(replace(sample(), path=path), size, recipe(**values), flipped)


def halves(width: int, height: int, right: int) -> Image.Image:
    """Return a picture that is opaque green on its left and, on its right, blue of the alpha ``right``."""
    image = Image.new("RGBA", (width, height), (*GREEN, 255))
    image.paste((*BLUE, right), (width // 2, 0, width, height))
    return image


def test_a_picture_is_rgb_by_height_and_width(path):
    pixels, mask = loaded(drawing("a", (80, 120)), path, (64, 96))
    assert (pixels.shape, pixels.dtype, mask) == ((96, 64, 3), np.uint8, None)


def test_a_picture_of_its_buckets_size_keeps_every_bit(path):
    image = drawing("a", (64, 64))
    assert (loaded(image, path)[0] == np.asarray(image)).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_a_file_becomes_rgb(path, mode):
    pixels, _ = loaded(Image.new("L", (64, 64), 255).convert(mode), path)
    assert (pixels == np.full((64, 64, 3), 255)).all()


def test_a_picture_is_turned_as_its_exif_says(path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    image = drawing("a", (96, 64))
    pixels, _ = loaded(image, path, (64, 96), exif=exif)
    assert (pixels == np.rot90(np.asarray(image), -1)).all()


def test_what_stands_out_of_the_bucket_is_cut_off_evenly(path):
    image = Image.new("RGB", (128, 64), BLUE)
    image.paste(GREEN, (32, 0, 96, 64))
    assert (loaded(image, path)[0] == GREEN).all()


def test_a_picture_is_scaled_with_antialiasing(path):
    board = np.indices((256, 256)).sum(axis=0) % 2 * 255
    pixels, _ = loaded(Image.fromarray(board.astype(np.uint8)), path)
    assert abs(pixels.astype(int) - 127).max() < 20


def test_a_small_picture_is_enlarged_to_cover_its_bucket(path):
    assert (loaded(Image.new("RGB", (20, 30), GREEN), path)[0] == GREEN).all()


@pytest.mark.parametrize("size", [(64, 64), (16, 16)])
def test_transparent_parts_show_the_background_and_no_hidden_colour(path, size):
    pixels, _ = loaded(halves(64, 64, right=0), path, size, background="#ff0000")
    assert (pixels[:, -1] == (255, 0, 0)).all()
    assert pixels[..., 2].max() == 0


def test_half_transparent_parts_are_half_the_background(path):
    pixels, _ = loaded(halves(64, 64, right=128), path, background="#ff0000")
    assert (abs(pixels[:, -1].astype(int) - (127, 0, 128)) <= 1).all()


def test_an_edge_that_is_scaled_is_a_mixture_of_character_and_background(path):
    """Scaled before it is laid on the background, the edge would be darkened by the blue that nobody sees."""
    image = halves(96, 96, right=0).resize((97, 97), Image.Resampling.NEAREST)
    pixels, _ = loaded(image, path, (32, 32), background="#ff0000")
    mixture = pixels[16].astype(int)
    assert (abs(mixture[:, 0] + mixture[:, 1] - 255) <= 2).all()


def test_a_palettes_transparent_colour_shows_the_background(path):
    image = Image.new("P", (64, 64), 0)
    image.putpalette([*BLUE, *GREEN])
    image.info["transparency"] = 0
    assert (loaded(image, path, background="#102030")[0] == (0x10, 0x20, 0x30)).all()


def test_the_mask_is_the_alpha_channel_at_the_size_of_the_bucket(path):
    _, mask = loaded(halves(128, 128, right=51), path, masked_loss=True)
    assert (mask.shape, mask.dtype) == ((64, 64), np.float32)
    assert (mask[:, :30] == 1).all()
    assert mask[:, 34:] == pytest.approx(0.2)
    assert (mask.min(), mask.max()) == (np.float32(0.2), 1)


def test_the_mask_is_cut_as_its_picture_is(path):
    image = Image.new("RGBA", (128, 64), (*BLUE, 0))
    image.paste((*GREEN, 255), (32, 0, 96, 64))
    pixels, mask = loaded(image, path, masked_loss=True)
    assert (pixels == GREEN).all()
    assert (mask == 1).all()


@pytest.mark.parametrize(("right", "masked_loss"), [(255, True), (0, False)])
def test_there_is_no_mask_where_all_is_opaque_or_none_was_requested(path, right, masked_loss):
    assert loaded(halves(64, 64, right), path, masked_loss=masked_loss)[1] is None


def test_a_mirrored_picture_is_exactly_the_mirror_image_and_so_is_its_mask(path):
    image = drawing("a", (97, 131), mode="RGBA")
    (pixels, mask), (mirrored, mirrored_mask) = (
        loaded(image, path, flipped=flipped, masked_loss=True) for flipped in (False, True)
    )
    assert (mirrored == pixels[:, ::-1]).all()
    assert (mirrored_mask == mask[:, ::-1]).all()
    assert (mirrored != pixels).any()


def test_a_photograph_with_its_preview_is_one_picture(tmp_path):
    path = tmp_path / "photo.jpg"
    image = drawing("a")
    image.save(path, format="MPO", save_all=True, append_images=[image.resize((16, 16))])
    assert load(replace(sample(), path=path), (64, 64), recipe())[0].shape == (64, 64, 3)


def test_a_picture_that_broke_after_it_was_read_is_refused_by_name(path):
    write_picture(path).write_bytes(b"broken")
    with pytest.raises(DatasetRefused, match=r"a\.png: This file is not a picture"):
        load(replace(sample(), path=path), (64, 64), recipe())
