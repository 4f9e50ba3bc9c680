"""Odd files in a folder of pictures: each is read, named as ignored, or refused; none is dropped silently."""

import os
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from animegen.datasets.layouts import read, survey
from animegen.errors import DatasetRefused
from tests.datasets.folders import drawing, recipe, write_picture, write_tree
from tests.datasets.test_layouts import faults, names, reasons


@pytest.fixture
def girl(tmp_path: Path) -> Path:
    """The sub-folder of a data folder with one picture, beside which odd files are put."""
    return write_tree(tmp_path / "data", {"1_girl/good.png": "1girl"}) / "1_girl"


def only(folder: Path):
    (sample,) = read(recipe(folder.parent)).training
    return sample


@pytest.mark.parametrize("text", ["1girl, 青い髪", "\ufeff1girl, 青い髪\r\n", "  1girl, 青い髪 \r1boy"])
def test_captions_are_utf8_with_or_without_a_bom_and_with_any_line_ends(girl, text):
    (girl / "good.txt").write_bytes(text.encode())
    assert only(girl).caption == "1girl, 青い髪"


def test_where_a_picture_is_from_may_lie_beside_it(girl):
    (girl / "good.json").write_text("{}", encoding="utf-8")
    (girl / "alone.json").write_text("{}", encoding="utf-8")
    assert reasons(read(recipe(girl.parent))) == {"1_girl/alone.json": "datasets.no_picture"}


def test_only_the_first_line_of_a_caption_is_used_and_that_is_said(girl):
    (girl / "good.txt").write_text("1girl\n\nblue hair", encoding="utf-8")
    assert only(girl).caption == "1girl"
    assert reasons(read(recipe(girl.parent))) == {"1_girl/good.txt": "datasets.other_lines"}


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-16", "utf-16-le"])
def test_a_caption_in_another_encoding_is_refused_by_name_with_the_fix(girl, encoding):
    (girl / "good.txt").write_bytes("1girl, 青い髪".encode(encoding))
    with pytest.raises(DatasetRefused, match=r"good\.txt: The text is not UTF-8 .*iconv -f CP932 -t UTF-8"):
        read(recipe(girl.parent))


def test_a_caption_file_is_read_where_there_is_no_txt(girl):
    (girl / "good.txt").rename(girl / "good.caption")
    assert only(girl).caption == "1girl"


def test_of_two_captions_the_txt_is_used_and_the_other_is_named(girl):
    (girl / "good.caption").write_text("1boy", encoding="utf-8")
    assert only(girl).caption == "1girl"
    assert reasons(read(recipe(girl.parent))) == {"1_girl/good.caption": "datasets.two_captions"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("notes.md", "no_picture"),
        ("vector.svg", "no_picture"),
        (".DS_Store", "no_picture"),
        ("gone.txt", "caption_alone"),
        ("gone.caption", "caption_alone"),
        ("deeper/a.png", "deeper_folder"),
    ],
)
def test_what_is_no_picture_is_named_as_ignored(girl, name, reason):
    (girl / name).parent.mkdir(exist_ok=True)
    (girl / name).write_bytes(b"odd")
    assert reasons(read(recipe(girl.parent))) == {f"1_girl/{name.partition('/')[0]}": f"datasets.{reason}"}


@pytest.mark.parametrize("layout", ["kohya", "folders"])
def test_a_picture_in_no_sub_folder_is_named_as_ignored(girl, layout):
    write_picture(girl.parent / "a.png")
    assert reasons(read(recipe(girl.parent, layout=layout))) == {"a.png": "datasets.outside_subfolders"}


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_a_broken_picture_is_refused_by_name(girl, data):
    (girl / "bad.png").write_bytes(data)
    with pytest.raises(DatasetRefused, match=r"bad\.png: This file is not a picture"):
        read(recipe(girl.parent))


def test_a_picture_that_is_cut_off_is_refused(girl):
    whole = (girl / "good.png").read_bytes()
    (girl / "good.png").write_bytes(whole[: len(whole) // 2])
    assert faults(survey(recipe(girl.parent))) == {"1_girl/good.png": "pictures.not_a_picture"}


def test_a_huge_picture_is_refused(girl):
    Image.new("1", (6000, 5000)).save(girl / "huge.png")
    assert faults(survey(recipe(girl.parent))) == {"1_girl/huge.png": "pictures.too_many_pixels"}


@pytest.mark.parametrize("name", ["moving.gif", "moving.png", "moving.webp"])
def test_an_animated_picture_is_refused(girl, name):
    drawing("one").save(girl / name, save_all=True, append_images=[drawing("two")])
    assert faults(survey(recipe(girl.parent))) == {f"1_girl/{name}": "datasets.animated"}


def test_a_film_that_is_cut_off_anywhere_never_ends_in_an_error_of_python(girl):
    film = girl / "moving.gif"
    drawing("one", (16, 16)).save(film, save_all=True, append_images=[drawing("two", (16, 16))])
    whole, found = film.read_bytes(), set()
    for end in range(len(whole)):
        film.write_bytes(whole[:end])
        found |= set(faults(survey(recipe(girl.parent))).values())
    assert found == {"pictures.not_a_picture", "datasets.animated"}


def test_a_still_gif_is_read(girl):
    drawing("one").save(girl / "still.gif")
    assert names(read(recipe(girl.parent))) == ["1_girl/good.png", "1_girl/still.gif"]


def test_a_picture_of_32_bits_a_colour_is_refused(girl):
    Image.new("F", (64, 64), 0.5).save(girl / "deep.tiff")
    assert faults(survey(recipe(girl.parent))) == {"1_girl/deep.tiff": "pictures.bits"}


def test_two_pictures_that_would_share_a_caption_are_refused(girl):
    write_picture(girl / "good.jpg")
    assert faults(survey(recipe(girl.parent))) == dict.fromkeys(
        ("1_girl/good.jpg", "1_girl/good.png"), "datasets.same_name"
    )


@pytest.mark.parametrize("name", ["1_girl/link.png", "1_girl/good.txt", "1_linked"])
def test_a_link_that_leaves_the_folder_is_refused(girl, name):
    outside = girl.parent.parent / Path(name).name
    if outside.suffix == ".png":
        write_picture(outside)
    elif outside.suffix:
        outside.write_text("1girl", encoding="utf-8")
    else:
        write_tree(outside, {"a.png": None})
    (girl.parent / name).unlink(missing_ok=True)
    (girl.parent / name).symlink_to(outside)
    assert faults(survey(recipe(girl.parent))) == {name: "datasets.leaves_folder"}


def test_a_link_within_the_folder_is_a_picture(girl):
    (girl / "again.png").symlink_to("good.png")
    assert names(read(recipe(girl.parent))) == ["1_girl/again.png", "1_girl/good.png"]


@pytest.mark.parametrize("target", ["nowhere.png", "loop.png"])
def test_a_link_to_nothing_is_refused(girl, target):
    (girl / "loop.png").symlink_to(target)
    assert faults(survey(recipe(girl.parent))) == {"1_girl/loop.png": "pictures.not_a_picture"}


def test_the_size_is_that_of_the_upright_picture(girl):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    drawing("turned", size=(80, 40)).save(girl / "good.png", exif=exif)
    assert only(girl).size == (40, 80)


def test_a_picture_is_transparent_where_a_pixel_is(girl):
    drawing("cut", mode="RGBA").save(girl / "good.png")
    assert only(girl).transparent
    drawing("whole").convert("RGBA").save(girl / "good.png")
    assert not only(girl).transparent


@pytest.mark.parametrize("name", ["女/a.png", "1_女/a.png", "1_girl/女.png"])
def test_a_name_that_is_not_utf8_never_ends_in_an_error_of_python(girl, name):
    path = girl.parent / os.fsdecode(name.encode("shift_jis"))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((girl / "good.png").read_bytes())
    if name.startswith("1_"):
        with pytest.raises(DatasetRefused, match=r"\\udc8f\\udc97.*not UTF-8; rename it") as refused:
            read(recipe(girl.parent, validation=0.5))
        assert str(refused.value).encode()
    else:
        assert names(read(recipe(girl.parent, validation=0.5))) == ["1_girl/good.png"]
