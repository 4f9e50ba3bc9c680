"""Frames as one file, read back frame by frame."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import av
import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.pictures.files import open_picture
from animegen.pictures.films import Film, bar, film, settings
from animegen.pictures.infotext import read, to_request
from animegen.pictures.metadata import parameters
from animegen.tasks import Animation, EmotionPath, Picture, Task

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30)]
PATH = EmotionPath(
    prompt="1girl",
    from_emotion="happy",
    to_emotion="sad",
    frames=4,
    steps=5,
    guidance_scale=7.5,
    sampler="DPM++ 2M",
    width=64,
    height=96,
    seed=42,
)
FRAMES = [
    Picture(image=Image.new("RGB", (64, 96), colour), task=task, model="chibi")
    for colour, task in zip(COLOURS, PATH.singles(), strict=True)
]
THERE = [0, 1, 2, 3]
AND_BACK = [0, 1, 2, 3, 2, 1]


@pytest.mark.parametrize(
    "words", ["\0", "a\0b", "\ufeff", "\x1b", ";#=\\\n", '日本\n, "a": b', "\u202e", "\U0001f469\u200d"]
)
@pytest.mark.parametrize("kind", ["gif", "webp", "mp4"])
def test_odd_words_are_read_back_equal_from_every_kind_of_film(kind, words, tmp_path):
    task = replace(PATH, prompt=f"{words}1girl", negative_prompt=words, quality="draft")
    frames = [replace(picture, task=single) for picture, single in zip(FRAMES, task.singles(), strict=True)]
    path = tmp_path / "film"
    path.write_bytes(film(frames, Film(format=kind), task))
    assert to_request(read(settings(path) or "")) == (task, ())


def nearest(pixel) -> int:
    distances = [sum(abs(one - other) for one, other in zip(pixel, colour, strict=False)) for colour in COLOURS]
    return distances.index(min(distances))


def seen(data: bytes) -> tuple[list[int], set[float]]:
    """Return which colours a GIF or WebP shows in turn, and how long each, in milliseconds."""
    image, shown, lasting = Image.open(BytesIO(data)), [], set()
    for index in range(image.n_frames):
        image.seek(index)
        image.load()
        shown.append(nearest(image.convert("RGB").getpixel((32, 48))))
        lasting.add(image.info["duration"])
    return shown, lasting


@pytest.mark.parametrize("kind", ["gif", "webp"])
@pytest.mark.parametrize(("back", "expected"), [(False, THERE), (True, AND_BACK)])
def test_a_moving_picture_shows_its_frames_in_turn_and_for_ever(kind, back, expected):
    data = film(FRAMES, Film(format=kind, frame_rate=10, ping_pong=back), PATH)
    assert seen(data) == (expected, {100})
    assert Image.open(BytesIO(data)).info["loop"] == 0


@pytest.mark.parametrize(("back", "expected"), [(False, THERE), (True, AND_BACK)])
@pytest.mark.parametrize("rate", [1, 12.5, 30])
def test_an_mp4_shows_its_frames_in_turn_at_its_rate(back, expected, rate):
    with av.open(BytesIO(film(FRAMES, Film(format="mp4", frame_rate=rate, ping_pong=back), PATH))) as container:
        stream = container.streams.video[0]
        shown = [nearest(frame.to_image().getpixel((32, 48))) for frame in container.decode(stream)]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (64, 96)
        assert float(stream.average_rate) == pytest.approx(rate)
    assert shown == expected


def test_an_odd_size_is_made_even_for_an_mp4():
    odd = [replace(frame, image=frame.image.resize((33, 35))) for frame in FRAMES]
    with av.open(BytesIO(film(odd, Film(format="mp4"), PATH))) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (34, 36)


@pytest.fixture(params=["path", "paths", "animation"])
def drawn(request) -> tuple[Task, list[Picture]]:
    """What was asked for, and its frames: one path of a Japanese prompt, two at once, a picture through emotions."""
    kinds = {
        "path": replace(PATH, prompt="1girl, 「青い」 hair\n" + "long, " * 200),
        "paths": replace(PATH, from_emotion=("happy", "calm"), to_emotion=("sad", "angry"), frames=2),
        "animation": Animation(
            image=Image.new("RGB", (64, 96)), emotions="calm,happy", frames=8,
            **{name: getattr(PATH, name) for name in ("steps", "guidance_scale", "sampler", "width", "height", "seed")},
        ),
    }  # fmt: skip
    task = kinds[request.param]
    image = Image.new("RGB", (64, 96), "pink")
    return task, [Picture(image=image, task=single, model="chibi") for single in task.singles()]


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_moving_picture_carries_the_request_that_draws_all_its_frames_again(kind, drawn):
    task, frames = drawn
    text = parameters(open_picture(BytesIO(film(frames, Film(format=kind), task))))
    assert to_request(read(text), source=getattr(task, "image", None)) == (task, ())


def test_an_mp4_carries_the_request_that_draws_all_its_frames_again(drawn, tmp_path):
    task, frames = drawn
    path = tmp_path / "film.mp4"
    path.write_bytes(film(frames, Film(format="mp4"), task))
    assert to_request(read(settings(path)), source=getattr(task, "image", None)) == (task, ())


def test_a_film_of_another_program_carries_none(tmp_path):
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        container.metadata["comment"] = "Made by a telephone"
        stream = container.add_stream("libx264", rate=8)
        stream.width = stream.height = 64
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode())
    assert settings(path) is None


@pytest.mark.parametrize("body", [b"", b"mp42" * 40, b"#EXTM3U\nfile:///etc/passwd\n"], ids=repr)
def test_what_only_begins_like_a_film_is_refused(body, tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0" + body)
    with pytest.raises(InvalidRequest, match="not a film"):
        settings(path)


def test_a_picture_that_begins_like_a_film_is_no_film(tmp_path):
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\0\0\0\x10ftypheic" + bytes(40))
    with pytest.raises(InvalidRequest, match="not a picture"):
        settings(path)


def test_a_zip_holds_each_frame_once_with_its_settings():
    with ZipFile(BytesIO(film(FRAMES, Film(format="zip", ping_pong=True), PATH))) as archive:
        names = archive.namelist()
        images = [Image.open(BytesIO(archive.read(name))) for name in names]
    assert names == ["001.png", "002.png", "003.png", "004.png"]
    assert [to_request(read(parameters(image))) for image in images] == [(frame.task, ()) for frame in FRAMES]


@pytest.mark.parametrize("kind", ["gif", "webp", "mp4"])
def test_one_frame_is_a_film_too(kind):
    assert film(FRAMES[:1], Film(format=kind, ping_pong=True), PATH)


@pytest.mark.parametrize(
    "wrong",
    [{"format": "avi"}, {"format": None}, {"frame_rate": 0}, {"frame_rate": float("nan")}, {"frame_rate": "8"},
     {"frame_rate": 31}, {"ping_pong": "yes"}],
    ids=str,
)  # fmt: skip
def test_what_no_film_can_be_is_refused(wrong):
    with pytest.raises(InvalidRequest):
        Film(**wrong)


def test_a_bar_shows_a_path_a_row_and_draws_them_all_again():
    two = replace(PATH, from_emotion=("happy", "calm"), to_emotion=("sad", "angry"), frames=2)
    frames = [replace(frame, task=task) for frame, task in zip(FRAMES, two.singles(), strict=True)]
    whole = bar(frames, two)
    assert whole.image.size == (128, 192)
    assert whole.task == two
