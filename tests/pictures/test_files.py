import resource
import struct
import warnings
import zlib
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageChops

from animegen.errors import InvalidRequest
from animegen.pictures import metadata
from animegen.pictures.files import encoded, open_picture, save, save_new, sheet
from animegen.pictures.infotext import read, to_task
from animegen.pictures.metadata import parameters
from animegen.pictures.sources import upright
from animegen.tasks import Picture, TextToImage
from tests.profiles import display_p3, odd_inks

TASK = TextToImage(
    prompt="青い髪の少女",
    final_prompt="青い髪の少女, very happy",
    seed=42,
    steps=20,
    sampler="Euler",
    width=64,
    height=64,
)


def picture(colour="pink", seed=42) -> Picture:
    task = TextToImage(prompt="1girl", final_prompt="1girl", seed=seed) if seed != TASK.seed else TASK
    return Picture(image=Image.new("RGB", (64, 64), colour), task=task, model="chibi")


def file_of(image: Image.Image, kind="PNG", **options) -> BytesIO:
    data = BytesIO()
    image.save(data, kind, **options)
    data.seek(0)
    return data


def png_of_size(width: int, height: int) -> BytesIO:
    """Return a PNG whose header promises pixels that it does not hold."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        for body in (header, b"IDAT", b"IEND")
    )
    return BytesIO(b"\x89PNG\r\n\x1a\n" + chunks)


def test_a_file_that_finds_no_room_leaves_nothing(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            save_new(bytes(100_000), tmp_path, "42.png")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_saved_picture_carries_the_request_that_draws_it_again(tmp_path):
    path = save(picture(), tmp_path)
    assert to_task(read(parameters(open_picture(path)))) == (TASK, ())


@pytest.mark.parametrize("kind", ["jpg", "webp"])
def test_other_kinds_of_file_carry_it_too_and_nearly_the_picture(kind, tmp_path):
    drawn = Image.radial_gradient("L").resize((64, 64)).convert("RGB")
    path = save(Picture(image=drawn, task=TASK, model="chibi"), tmp_path, kind)
    opened = open_picture(path)
    assert path.name == f"00001-42.{kind}"
    assert to_task(read(parameters(opened))) == (TASK, ())
    assert max(high for _, high in ImageChops.difference(opened.convert("RGB"), drawn).getextrema()) < 16


def test_a_jpeg_is_not_made_of_a_transparent_picture_nor_with_endless_settings():
    endless = " " + "\0" * 3_999
    clear = Picture(image=Image.new("RGBA", (8, 8)), task=TASK, model="chibi")
    wordy = Picture(
        image=Image.new("RGB", (8, 8)), task=replace(TASK, prompt=endless, final_prompt=endless), model="chibi"
    )
    for image in (clear, wordy):
        assert encoded(image, "webp")
        with pytest.raises(InvalidRequest, match="JPEG"):
            encoded(image, "jpg")


def test_a_saved_picture_is_the_picture(tmp_path):
    drawn = Image.effect_noise((64, 64), 50).convert("RGB")
    path = save(Picture(image=drawn, task=TASK, model="chibi"), tmp_path)
    assert list(Image.open(path).get_flattened_data()) == list(drawn.get_flattened_data())


def test_a_saved_picture_has_a_number_and_its_seed_in_its_name(tmp_path):
    assert [save(picture(), tmp_path / "new").name for _ in range(2)] == ["00001-42.png", "00002-42.png"]


def test_numbers_go_on_behind_the_highest(tmp_path):
    (tmp_path / "00041-7.png").touch()
    (tmp_path / "holiday.png").touch()
    assert save(picture(), tmp_path).name == "00042-42.png"


def test_nothing_is_overwritten_when_another_was_quicker(tmp_path, monkeypatch):
    first = save(picture(), tmp_path)
    before = first.read_bytes()
    monkeypatch.setattr("animegen.pictures.files._last_number", lambda folder: 0)
    assert save(picture("blue"), tmp_path).name == "00002-42.png"
    assert first.read_bytes() == before


@pytest.mark.parametrize("size", [(5_000, 5_000), (11_000, 11_000), (100_000, 100_000), (1, 24_000_001)])
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(size):
    with pytest.raises(InvalidRequest, match="24 million"):
        open_picture(png_of_size(*size))


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"8BPS\0\1" + bytes(40)])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(InvalidRequest, match="not a picture"):
        open_picture(BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_file_cut_short_is_refused_or_read_but_never_fails_otherwise(kind):
    data = file_of(Image.effect_noise((64, 64), 50), kind).read()
    for end in range(0, len(data), max(1, len(data) // 40)):
        with suppress(InvalidRequest):
            open_picture(BytesIO(data[:end]))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_comes_upright(orientation):
    upright = Image.new("RGB", (6, 4), "white")
    upright.putpixel((0, 0), (0, 0, 0))
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turned[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    opened = open_picture(file_of(stored, "PNG", exif=exif))
    assert (opened.size, opened.getpixel((0, 0))) == ((6, 4), (0, 0, 0))


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\0\0\0\x20ftypheic" + bytes(64),
        b"\0\0\0\x20ftypavif" + bytes(64),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run",
        b"#define x_width 8\n#define x_height 8\nstatic char x_bits[] = {\n0x00};",
        b"P6 9 9 255\n" + bytes(243),
        b"GIF89a" + b"\xff" * 40,
        b"BM" + b"\xff" * 80,
        b"II*\0" + b"\xff" * 80,
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 40,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_only_pretends_to_be_a_picture_is_refused(data):
    with pytest.raises(InvalidRequest):
        open_picture(BytesIO(data))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_a_moving_picture_the_first_frame_counts(kind):
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    options = {"lossless": True} if kind == "WEBP" else {}
    opened = open_picture(file_of(first, kind, save_all=True, append_images=[second], **options))
    assert upright(opened)[0].getpixel((4, 4)) == (255, 0, 0)


def examples() -> list[bytes]:
    """Return small good files of every kind, with EXIF, profile, XMP, text, a palette or a second frame."""
    noise = Image.effect_noise((24, 16), 60)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.XResolution] = 6, 72.0
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"UNICODE\0a"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    more = {"exif": exif, "icc_profile": display_p3()}
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    return [
        file_of(noise.convert("RGB"), "JPEG", comment=b"hello", xmp=xmp, **more).read(),
        file_of(noise.convert("CMYK"), "JPEG", icc_profile=odd_inks()).read(),
        file_of(noise.convert("RGBA"), "PNG", pnginfo=metadata.chunk("青"), **more).read(),
        file_of(noise.quantize(8), "PNG", transparency=3).read(),
        file_of(Image.new("I;16", (9, 9), 400), "PNG").read(),
        file_of(noise.convert("P"), "GIF", save_all=True, append_images=[noise.convert("P")], comment=b"hello").read(),
        file_of(noise.convert("RGB"), "WEBP", xmp=xmp, **more).read(),
        file_of(noise, "TIFF", compression="raw", **more).read(),
        file_of(Image.new("I;16", (9, 9), 400), "TIFF").read(),
        file_of(noise, "BMP").read(),
    ]


def broken(whole: bytes, data: st.DataObject) -> bytes:
    """Return a file with bytes changed, left out or put in, more often at its beginning; a PNG's sums are right."""
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, min(len(damaged), data.draw(st.sampled_from([300, 10_000]))) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    return summed(bytes(damaged)) if whole.startswith(b"\x89PNG") else bytes(damaged)


def summed(png: bytes) -> bytes:
    """Return a PNG whose chunks have the check sums of what is in them, so that what is in them is read."""
    found, at = bytearray(png), 8
    while at + 12 <= len(found) and (end := at + 8 + int.from_bytes(found[at : at + 4])) + 4 <= len(found):
        found[end : end + 4] = zlib.crc32(found[at + 4 : end]).to_bytes(4)
        at = end + 4
    return bytes(found)


@settings(max_examples=400)
@given(st.sampled_from(examples()), st.data())
def test_a_damaged_file_is_a_picture_or_a_refusal_and_pillow_is_silent(whole, data):
    with suppress(InvalidRequest):
        image = open_picture(BytesIO(broken(whole, data)))
        assert upright(image)[0].mode == "RGB"
        parameters(image)


EXIF = b"Exif\0\0"
DAMAGED_EXIF = {
    "header": b"\xff\xff\xff\xff\0\0\0\x08",
    "short": b"MM\0*",
    "nowhere": b"MM\0*\xff\xff\xff\xf0",
    "cut": b"MM\0*\0\0\0\x08\0\x05\x01\x12",
    "type": b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\xff\0\0\0\x01\0\x06\0\0\0\0\0\0",
    "loop": b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\0",
}


@pytest.mark.parametrize("exif", DAMAGED_EXIF.values(), ids=DAMAGED_EXIF)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_with_broken_exif_comes_as_it_lies(kind, exif):
    stored = Image.new("RGB", (64, 48), "red")
    opened = open_picture(file_of(stored, kind, exif=EXIF + exif))
    page, notes = upright(opened)
    assert (page.size, notes, parameters(opened)) == ((64, 48), (), None)


def test_a_picture_of_121_million_pixels_is_refused_without_a_warning():
    with (
        warnings.catch_warnings(record=True, action="always") as printed,
        pytest.raises(InvalidRequest, match="11000x11000"),
    ):
        open_picture(png_of_size(11_000, 11_000))
    assert printed == []


def test_a_sheet_lays_pictures_in_rows():
    page = sheet([Image.new("RGB", (10, 20), colour) for colour in ("red", "lime", "blue")], columns=2)
    assert page.size == (20, 40)
    assert [page.getpixel(at) for at in ((5, 5), (15, 5), (5, 25), (15, 25))] == [
        *((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))
    ]


def test_a_sheet_has_room_for_labels():
    images = [Image.new("RGB", (64, 64), "white")] * 2
    page = sheet(images, columns=2, labels=["happy", "sad"])
    assert page.size[0] == 128
    assert page.size[1] > 64
    assert page.crop((0, 64, 64, page.size[1])).getextrema()[0][0] < 128
