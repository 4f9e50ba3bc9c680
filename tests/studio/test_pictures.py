"""Pictures that begin with a picture, through the one door: prepared, told, redrawn, stopped; one set of weights."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import ExifTags, Image, ImageChops, ImageColor

from animegen.errors import DrawingFailed, InvalidRequest
from animegen.messages import message
from animegen.pictures import infotext
from animegen.pictures.files import open_picture
from animegen.pipelines import zero_shot
from animegen.studio import Studio
from animegen.tasks import (
    EmotionPath,
    ImageToImage,
    Picture,
    Preview,
    Task,
    TextToImage,
)
from tests.redrawing import ANIMATION, PATH, SHEET, SOURCE, TASK, TASKS, open_studio


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    return open_studio(tmp_path, monkeypatch)


def only(studio: Studio, task: Task) -> Picture:
    (picture,) = studio.pictures(task)
    return picture


# The source


def test_a_source_keeps_its_shape_and_its_size_is_told(studio: Studio) -> None:
    drawn = only(studio, replace(TASK, image=Image.new("RGB", (1000, 600), "red")))
    assert drawn.image.size == (96, 64)
    assert (drawn.task.width, drawn.task.height) == (96, 64)
    assert message("pictures.cropped_sides", size="1000x600", drawn="96x64") in drawn.notes


@pytest.mark.parametrize(("fit", "seen"), [("fit", "red"), ("crop", "white"), ("pad", "white")])
def test_what_is_kept_of_a_tall_picture_is_chosen_and_recorded(studio: Studio, fit: str, seen: str) -> None:
    tall = Image.new("RGB", (256, 1024), "white")
    tall.paste("red", (0, 0, 256, 100))
    drawn = only(studio, replace(TASK, image=tall, width=64, height=64, strength=0.0, fit=fit))
    assert drawn.image.getpixel((2, 2)) == ImageColor.getrgb(seen)
    parameters = infotext.read(infotext.write(drawn.task, drawn.model))
    assert infotext.to_request(parameters, source=tall)[0].fit == fit


def test_a_size_may_be_asked_for(studio: Studio) -> None:
    assert only(studio, replace(TASK, width=128, height=64)).image.size == (128, 64)


def test_a_size_that_the_model_cannot_draw_is_refused(studio: Studio) -> None:
    with pytest.raises(InvalidRequest, match="multiples of 32"):
        studio.run(replace(TASK, width=100))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16", "1"])
def test_any_mode_is_drawn(studio: Studio, mode: str) -> None:
    drawn = only(studio, replace(TASK, image=Image.new(mode, (64, 64)), strength=0.0))
    assert (drawn.image.mode, drawn.image.size) == ("RGB", (64, 64))


def test_nothing_of_the_source_but_its_pixels_reaches_the_picture(studio: Studio) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = "canary"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    file = BytesIO()
    SOURCE.save(file, "JPEG", exif=exif, comment=b"canary")
    drawn = only(studio, replace(TASK, image=open_picture(file), strength=0.0))
    assert drawn.image.size == (64, 96)
    assert (drawn.image.info, dict(drawn.image.getexif())) == ({}, {})
    assert "canary" not in infotext.write(drawn.task, drawn.model)


# The request


def test_the_same_request_redraws_to_the_bit(studio: Studio) -> None:
    assert only(studio, TASK).image.tobytes() == only(studio, TASK).image.tobytes()


@pytest.mark.parametrize("size", [(96, 64), (1000, 600), (70, 91)])
@pytest.mark.parametrize("words", ["1girl", ""])
def test_the_recorded_request_redraws_to_the_bit_from_the_same_source(
    studio: Studio, size: tuple[int, int], words: str
) -> None:
    source = SOURCE.resize(size)
    drawn = only(studio, replace(TASK, image=source, prompt=words, seed=-1, negative_prompt="hat"))
    parameters = infotext.read(infotext.write(drawn.task, drawn.model))
    request, notes = infotext.to_request(parameters, source=source)
    again = only(studio, request)
    assert notes == ()
    assert again.image.tobytes() == drawn.image.tobytes()
    assert again.task == drawn.task
    assert isinstance(again.task, ImageToImage)
    assert infotext.same_source(parameters, again.task.image)


def test_without_words_the_emotion_alone_is_said_where_nothing_of_the_picture_is_kept(studio: Studio) -> None:
    drawn = only(studio, replace(TASK, prompt="", strength=1.0))
    assert isinstance(drawn.task, ImageToImage)
    assert drawn.task.final_prompt == "angry"


def test_what_the_picture_shows_and_no_word_says_is_told_and_recorded(studio: Studio) -> None:
    drawn = only(studio, replace(TASK, prompt="1girl, tan skin, braid"))
    (note,) = (note for note in drawn.notes if "Recognised" in str(note))
    assert isinstance(drawn.task, ImageToImage)
    assert re.fullmatch(r"1girl, tan skin, braid, angry, \w+ eyes", drawn.task.final_prompt)
    assert note == message("studio.recognised", words=(drawn.task.final_prompt.rpartition(", ")[2],))


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (64, 64), "white"),
        Image.new("RGB", (300, 200), "black"),
        Image.new("RGB", (1, 1), "red"),
        Image.new("RGBA", (64, 64), (200, 0, 0, 0)),
    ],
    ids=["blank", "black", "pixel", "transparent"],
)
def test_nothing_is_told_of_a_picture_that_shows_nothing(studio: Studio, image: Image.Image) -> None:
    drawn = only(studio, replace(TASK, image=image, prompt=""))
    assert isinstance(drawn.task, ImageToImage)
    assert drawn.task.final_prompt == "angry"
    assert message("studio.unfamiliar") in drawn.notes


def test_a_prompt_that_is_final_is_left_as_it_is(studio: Studio) -> None:
    drawn = only(studio, replace(TASK, final_prompt="blue hair"))
    assert isinstance(drawn.task, ImageToImage)
    assert drawn.task.final_prompt == "blue hair"


def test_a_picture_is_looked_at_once_however_often_it_is_drawn_anew(studio: Studio) -> None:
    looks: list[Any] = []
    fitting = zero_shot.classify
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zero_shot, "classify", lambda *given: looks.append(given) or fitting(*given))
        for strength in (0.3, 0.5, 0.7):
            only(studio, replace(TASK, prompt="1girl, braid", strength=strength))
        studio.pictures(replace(PATH, prompt="1girl, braid", image=SOURCE))
    assert len(looks) == len({"eyes", "skin"})


def test_a_path_and_an_animation_of_a_picture_are_told_what_it_shows(studio: Studio) -> None:
    told = only(studio, replace(TASK, prompt="1girl")).notes[-1]
    for task in (replace(PATH, prompt="1girl", image=SOURCE), replace(ANIMATION, prompt="1girl")):
        assert told in studio.pictures(task)[0].notes


def test_each_picture_of_several_has_its_own_seed(studio: Studio) -> None:
    assert [picture.seed for picture in studio.pictures(replace(TASK, count=3))] == [5, 6, 7]


# Frames


@pytest.mark.parametrize(
    "task", [PATH, replace(PATH, image=SOURCE), ANIMATION, SHEET], ids=["words", "picture", "animation", "sheet"]
)
def test_a_recorded_frame_is_drawn_again_alone_to_the_bit(studio: Studio, task: Task) -> None:
    drawn = studio.pictures(task)[1]
    request, notes = infotext.to_request(infotext.read(infotext.write(drawn.task, drawn.model)), source=SOURCE)
    one, other = only(studio, drawn.task), only(studio, request)
    assert notes == ()
    assert request == drawn.task
    assert one.image.tobytes() == other.image.tobytes()
    assert max(high for _, high in ImageChops.difference(one.image, drawn.image).getextrema()) <= 2


def test_the_ends_of_a_path_are_the_pictures_of_its_emotions(studio: Studio) -> None:
    first, _, last = studio.pictures(PATH)
    for frame, emotion in ((first, "happy"), (last, "sad")):
        pure = only(studio, TextToImage(prompt=PATH.prompt, emotion=emotion, steps=4, seed=5))
        assert max(high for _, high in ImageChops.difference(frame.image, pure.image).getextrema()) <= 2


def test_a_path_may_lead_from_a_calm_face_to_a_very_happy_one(studio: Studio) -> None:
    texts: list[str] = []
    encode = studio.engine.encoder.encode
    studio.engine.encoder.encode = lambda some: texts.extend(some) or encode(some)  # type: ignore[method-assign]
    studio.pictures(replace(PATH, from_emotion="calm", to_emotion="happy", to_strength=1.0))
    assert texts[:2] == ["1girl, blue hair, calm", "1girl, blue hair, very happy"]


def test_every_frame_has_a_request_of_its_own_and_the_seed_of_all(studio: Studio) -> None:
    drawn = studio.pictures(replace(PATH, seed=-1, from_emotion="happy,calm", to_emotion="sad,angry", frames=2))
    assert len({picture.seed for picture in drawn}) == 1
    assert [(each.task.from_emotion, each.task.frame) for each in drawn if isinstance(each.task, EmotionPath)] == [
        (("happy",), 1),
        (("happy",), 2),
        (("calm",), 1),
        (("calm",), 2),
    ]


def test_shared_steps_are_called_an_approximation(studio: Studio) -> None:
    assert any("approximation" in str(note) for note in studio.pictures(replace(PATH, shared_steps=0.5))[0].notes)


@pytest.mark.parametrize(
    "task",
    [replace(PATH, to_emotion="bored"), replace(ANIMATION, emotions="calm,bored"), replace(SHEET, emotions="bored")],
    ids=lambda task: task.name,
)
def test_an_unknown_emotion_of_many_is_refused_with_the_choices(studio: Studio, task: Task) -> None:
    with pytest.raises(InvalidRequest, match=r"'bored'; choose one of: (neutral, )?none, happy"):
        studio.run(task)


# Sheets


def test_a_sheet_is_drawn_from_the_words_of_a_neutral_face_and_of_each_emotion(studio: Studio) -> None:
    texts: list[str] = []
    encode = studio.engine.encoder.encode
    studio.engine.encoder.encode = lambda some: texts.extend(some) or encode(some)  # type: ignore[method-assign]
    asked = "1girl, blue eyes, tan skin, bob cut, hoodie"
    studio.pictures(replace(SHEET, prompt=asked, emotions="happy,neutral", emotion_strength=1.0))
    neutral = f"{asked}, neutral expression"
    assert texts[-3:] == [neutral, f"{asked}, very happy", neutral]


def test_a_background_that_could_not_be_cut_away_is_told(studio: Studio) -> None:
    drawn = studio.pictures(replace(SHEET, transparent=True))
    assert {picture.image.mode for picture in drawn} == {"RGB"}
    assert any("nothing was cut out" in str(note) for note in drawn[0].notes)


# Stopping and failing


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_stopping_any_task_after_one_step_frees_the_studio(studio: Studio, task: Task) -> None:
    expected = [picture.image.tobytes() for picture in studio.pictures(task)]
    results = studio.run(replace(task, steps=50))
    assert isinstance(next(results), Preview)
    results.close()
    assert [picture.image.tobytes() for picture in studio.pictures(task)] == expected


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.parametrize("part", ["unet", "vae.decoder"])
def test_any_task_that_runs_out_of_memory_says_so_and_the_next_one_works(studio: Studio, task: Task, part: str) -> None:
    def fail(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    hook = studio.parts.unet if part == "unet" else studio.parts.vae.decoder
    removed: Callable[[], None] = hook.register_forward_pre_hook(fail).remove
    with pytest.raises(DrawingFailed, match="smaller size or fewer pictures"):
        studio.pictures(task)
    removed()
    assert studio.pictures(task)
