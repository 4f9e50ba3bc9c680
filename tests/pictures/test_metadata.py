"""Settings in files of pictures: written and read back equal, read from other programs' files, never guessed."""

import json
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from animegen.errors import InvalidRequest
from animegen.pictures.files import KINDS, encoded, open_picture
from animegen.pictures.infotext import read, to_task
from animegen.pictures.metadata import chunk, exif, parameters, with_parameters
from animegen.tasks import Picture, TextToImage

SETTINGS = (
    '青い髪の少女, "笑顔"\nred: scarf\nNegative prompt: 帽子\n'
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: あ, Version: v1.10.1"
)
PICTURE = Image.new("RGB", (8, 8), "pink")


def kept(kind: str, **options: Any) -> str | None:
    """Return the settings of a picture that was saved with these options, opened as an upload is."""
    data = BytesIO()
    PICTURE.save(data, kind, **options)
    return parameters(open_picture(data))


def texts(**values: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for key, text in values.items():
        info.add_text(key, text)
    return info


def tiff(comment: bytes, order: str = ">", kind: int = 7) -> bytes:
    """Return EXIF in a byte order ("<" or ">") whose user comment has these bytes and a type of TIFF."""
    head = (b"MM" if order == ">" else b"II") + struct.pack(f"{order}HL", 42, 8)
    root = struct.pack(f"{order}HHHLLL", 1, 0x8769, 4, 1, 26, 0)
    inner = struct.pack(f"{order}HHHLLL", 1, 0x9286, kind, len(comment), 44, 0)
    return b"Exif\0\0" + head + root + inner + comment


def png_of(*chunks: tuple[bytes, bytes]) -> BytesIO:
    """Return a PNG of one pixel with more chunks before its end."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    every = ((b"IHDR", header), *chunks, (b"IDAT", zlib.compress(bytes(4))), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(b)) + a + b + struct.pack(">I", zlib.crc32(a + b)) for a, b in every)
    return BytesIO(b"\x89PNG\r\n\x1a\n" + body)


# Our own


def test_a_marked_picture_holds_its_settings_and_nothing_of_its_source() -> None:
    source = PICTURE.copy()
    source.info = {"comment": "secret"}
    assert with_parameters(source, "1girl").info == {"parameters": "1girl"}
    assert source.info == {"comment": "secret"}


ODD_TEXT = st.text(max_size=40) | st.text('青　一\u0100\0\ufeff\ufffe\x1b\u202e\u200b,:"\\\n\r (Steps:', max_size=40)


@settings(max_examples=60, deadline=None)
@given(prompt=ODD_TEXT, final=ODD_TEXT, negative=ODD_TEXT)
def test_any_request_is_read_back_equal_from_every_kind_of_file(prompt: str, final: str, negative: str) -> None:
    words = {"prompt": f"{prompt}1girl", "final_prompt": f"{final}1girl", "negative_prompt": negative}
    task = TextToImage(**words, steps=1, guidance_scale=5.0, sampler="DDIM", width=64, height=64, seed=2)
    picture = Picture(image=PICTURE, task=task, model="chibi")
    for kind in KINDS:
        found = parameters(open_picture(BytesIO(encoded(picture, kind))))
        assert to_task(read(found or "")) == (task, ())


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text('青　一\u0100,:"\\\n\r (Steps:'))
def test_any_settings_are_read_back_equal_from_every_kind_of_file(words: str) -> None:
    text = f"1girl {words}\nSteps: 1, Sampler: Euler, Seed: 2, Version: animegen-1"
    marks: dict[str, dict[str, Any]] = {
        "PNG": {"pnginfo": chunk(text)}, "JPEG": {"exif": exif(text)}, "WEBP": {"exif": exif(text)},
    }  # fmt: skip
    assert {kind: kept(kind, **options) for kind, options in marks.items()} == dict.fromkeys(marks, text)


@pytest.mark.parametrize("kind", ["jpg", "webp"])
def test_a_user_comment_is_written_with_the_type_undefined_that_a1111_reads(kind: str) -> None:
    """The entry of tag 0x9286 has type 7, counts its bytes and points at the comment, as Exif 2.32 has it."""
    task = TextToImage(prompt="青い髪", final_prompt="青い髪", steps=1, guidance_scale=5.0, sampler="DDIM", seed=2)
    data = encoded(Picture(image=PICTURE, task=task, model="chibi"), kind)
    head = data.index(b"MM\0*")
    entry = data.index(b"\x92\x86", head)
    tag, typed, count, offset = struct.unpack(">HHLL", data[entry : entry + 12])
    assert (tag, typed) == (0x9286, 7)
    assert data[head + offset :].startswith(b"UNICODE\0" + "青い髪\n".encode("utf-16-be"))
    assert parameters(open_picture(BytesIO(data))) == data[head + offset + 8 : head + offset + count].decode(
        "utf-16-be"
    )


def test_a_turned_picture_keeps_them() -> None:
    turned = Image.Exif()
    turned.load(exif(SETTINGS))
    turned[ExifTags.Base.Orientation] = 6
    assert kept("JPEG", exif=turned) == SETTINGS


# Other programs that write as A1111 does


@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt", "iTXt packed"])
def test_every_text_chunk_of_a_png_is_read(kind: str) -> None:
    info = PngImagePlugin.PngInfo()
    text = SETTINGS if kind.startswith("iTXt") else "naïve cat\nSteps: 1, Seed: 2, Size: 8x8"
    if kind.startswith("iTXt"):
        info.add_itxt("parameters", text, zip=kind.endswith("packed"))
    else:
        info.add_text("parameters", text, zip=kind == "zTXt")
    assert kept("PNG", pnginfo=info) == text


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + SETTINGS.encode("utf-16-be"),
        b"UNICODE\0" + SETTINGS.encode("utf-16-le"),
        b"UNICODE\0" + SETTINGS.encode("utf-16"),
        b"UNICODE\0" + SETTINGS.encode(),
        b"ASCII\0\0\0" + SETTINGS.encode(),
        b"\0" * 8 + SETTINGS.encode(),
        SETTINGS.encode("utf-16-be"),
        SETTINGS.encode("utf-16-le"),
        SETTINGS.encode(),
    ],
    ids=lambda data: f"{data[:12]}",
)
def test_a_user_comment_is_read_in_any_encoding(comment: bytes, kind: str, order: str) -> None:
    assert kept(kind, exif=tiff(comment, order)) == SETTINGS


def test_a_user_comment_may_be_of_the_type_of_text_and_stand_outside_its_directory() -> None:
    plain = "1girl\nSteps: 1, Sampler: Euler, Seed: 2"
    outside = Image.Exif()
    outside[ExifTags.Base.UserComment] = plain
    assert kept("JPEG", exif=tiff(SETTINGS.encode() + b"\0", kind=2)) == SETTINGS
    assert kept("JPEG", exif=outside) == plain


def test_the_comment_of_a_gif_or_jpeg_is_read() -> None:
    assert [kept(kind, comment=SETTINGS.encode()) for kind in ("GIF", "JPEG")] == [SETTINGS, SETTINGS]


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
def test_utf_8_in_a_chunk_of_latin_1_is_read_as_utf_8(kind: bytes) -> None:
    text = (
        "1girl, テスト\r\n\nNegative prompt: bad\r\n\nSteps: 20, Sampler: Euler a, CFG scale: 5, Seed: 1, Size: 64x64"
    )
    body = text.encode() if kind == b"tEXt" else b"\0" + zlib.compress(text.encode())
    found = parameters(open_picture(png_of((kind, b"parameters\0" + body)))) or ""
    assert (read(found).prompt, read(found).negative_prompt) == ("1girl, テスト", "bad")


@pytest.mark.parametrize("words", ["naïve", "Ã©", "é", "テ"])
def test_letters_that_look_like_utf_8_are_written_so_that_they_come_back(words: str) -> None:
    assert kept("PNG", pnginfo=chunk(words)) == words
    marked = with_parameters(PICTURE, words)
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", marked.info["parameters"])
    assert kept("PNG", pnginfo=info) == words


def test_json_of_a_space_is_read_where_comfyui_would_keep_its_graph() -> None:
    said = {"prompt": "1girl", "num_inference_steps": 24, "seed": 1, "sampler": "Euler a"}
    found = read(kept("PNG", pnginfo=texts(parameters=json.dumps(said))) or "")
    assert (found.prompt, found.pairs) == ("1girl", {"Steps": "24", "Seed": "1", "Sampler": "Euler a"})


def test_the_extra_metadata_of_civitai_is_read_from_a_jpeg() -> None:
    extra = {"prompt": "1girl", "negativePrompt": "bad", "steps": 25, "cfgScale": 5, "seed": 1}
    graph = {"1": {"class_type": "KSampler", "inputs": {}}, "extraMetadata": json.dumps(extra)}
    found = read(kept("JPEG", exif=tiff(b"UNICODE\0" + json.dumps(graph).encode("utf-16-le"))) or "")
    assert (found.prompt, found.negative_prompt, found.pairs["Steps"]) == ("1girl", "bad", "25")


# What is none


@pytest.mark.parametrize("comment", ["Created with GIMP", "Steps: 3", "\xff", "{}", '{"sensor": 3}'])
def test_a_comment_without_pairs_is_no_settings(comment: str) -> None:
    assert kept("GIF", comment=comment.encode("latin-1")) is None
    assert kept("JPEG", exif=tiff(b"ASCII\0\0\0" + comment.encode("latin-1"))) is None


def test_a_picture_without_settings_has_none() -> None:
    assert kept("PNG") is None


@pytest.mark.parametrize("text", ["made in a hurry", "[draft]", '{"nobody": "knows"}'])
def test_a_remark_is_no_settings(text: str) -> None:
    assert kept("PNG", pnginfo=texts(Comment=text)) is None


def test_brackets_of_a_prompt_are_no_data() -> None:
    assert kept("PNG", pnginfo=texts(parameters="[smile]\nSteps: 1")) == "[smile]\nSteps: 1"


GRAPH = '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}'


@pytest.mark.parametrize(
    ("program", "chunks"),
    [
        ("ComfyUI", {"prompt": GRAPH, "workflow": "{}"}),
        ("InvokeAI", {"invokeai_metadata": '{"seed": 1}'}),
        ("InvokeAI", {"Dream": '"a girl [bad]" -s 50 -S 1 -W 64 -H 64 -C 5 -A k_lms'}),
        ("NovelAI", {"Software": "NovelAI", "Description": "1girl", "Comment": '{"steps": 28}'}),
        ("SwarmUI", {"parameters": '{"sui_image_params": {"prompt": "1girl"}}'}),
        ("Fooocus", {"parameters": '{"prompt": "1girl", "version": "Fooocus v2.5.5"}', "fooocus_scheme": "fooocus"}),
        ("unknown", {"parameters": '{"words": "1girl"}'}),
    ],
)
def test_settings_of_other_programs_are_named_and_not_guessed(program: str, chunks: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match=f"in (the format of {program}|an {program} format)"):
        kept("PNG", pnginfo=texts(**chunks))


def test_other_programs_are_named_in_exif_too() -> None:
    graph = Image.Exif()
    graph[ExifTags.Base.Make], graph[ExifTags.Base.Model] = "workflow:{}", f"prompt:{GRAPH}"
    for mark in (graph, tiff(b"UNICODE\0" + GRAPH.encode("utf-16-be"))):
        with pytest.raises(InvalidRequest, match="in the format of ComfyUI"):
            kept("WEBP", exif=mark)


# Hostile


def test_a_text_of_fifty_megabytes_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="50,000,000 characters"):
        read(parameters(open_picture(png_of((b"tEXt", b"parameters\0" + b"a" * 50_000_000)))) or "")


@pytest.mark.parametrize(
    "bomb",
    [
        (b"zTXt", b"parameters\0\0" + zlib.compress(bytes(50_000_000))),
        (b"iTXt", b"parameters\0\1\0\0\0" + zlib.compress(bytes(50_000_000))),
    ],
    ids=["zTXt", "iTXt"],
)
def test_a_text_that_unpacks_without_end_is_refused(bomb: tuple[bytes, bytes]) -> None:
    with pytest.raises(InvalidRequest):
        open_picture(png_of(bomb))


def test_a_very_long_comment_with_pairs_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="characters"):
        kept("GIF", comment=b"a" * 200_000 + b"\nSteps: 1, Sampler: Euler, Seed: 2")


def test_a_deep_nest_of_data_is_named_without_being_unpacked() -> None:
    with pytest.raises(InvalidRequest, match="ComfyUI"):
        kept("PNG", pnginfo=texts(workflow="[" * 400_000 + "]" * 400_000))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120), st.sampled_from("<>"), st.integers(0, 13))
def test_any_bytes_as_a_user_comment_are_settings_or_none(comment: bytes, order: str, kind: int) -> None:
    if found := kept("WEBP", exif=tiff(comment, order, kind)):
        to_task(read(found))


def test_half_a_character_in_a_text_chunk_is_read_without_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png_of((b"iTXt", b"parameters\0\0\0\0\0\xff\xfe 1girl")).read())
    parameters(open_picture(path))
