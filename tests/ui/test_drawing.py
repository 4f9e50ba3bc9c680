from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest
from PIL import Image

from animegen.errors import DrawingFailed
from animegen.pictures import infotext
from animegen.tasks import Picture, Preview, Task, TextToImage
from animegen.ui.drawing import handler
from animegen.ui.results import Outputs
from animegen.ui.stops import Stops
from tests.ui.fake_studio import FakeStudio


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))


def drawing(studio: FakeStudio) -> Callable[..., Iterator[Outputs]]:
    return handler(studio, TextToImage, Stops())


def test_a_drawing_begins_with_a_word_goes_step_by_step_and_ends_with_the_picture(
    studio: FakeStudio, visitor: gr.Request
) -> None:
    shown = list(drawing(studio)(visitor, prompt="1girl", steps=3, seed=7))
    assert [details["message"] for _, _, details in shown] == [
        "Starting…", "Step 1 of 3", "Step 2 of 3", "Step 3 of 3", "Seed 7",
    ]  # fmt: skip


def test_messages_are_in_the_visitors_language(studio: FakeStudio, japanese: gr.Request) -> None:
    *_, (_, _, details) = drawing(studio)(japanese, prompt="1girl", seed=7)
    assert details["message"] == "シード 7"


def test_the_picture_carries_the_request_that_draws_it_again(studio: FakeStudio, visitor: gr.Request) -> None:
    *_, (image, _, _) = drawing(studio)(visitor, prompt="1girl, 「青い」 hair", emotion="sad", seed=7)
    assert set(image.info) == {"parameters"}
    task, notes = infotext.to_task(infotext.read(image.info["parameters"]))
    assert (task.prompt, task.emotion, task.seed, notes) == ("1girl, 「青い」 hair", "sad", 7, ())


def test_each_picture_of_several_has_its_own_seed(studio: FakeStudio, visitor: gr.Request) -> None:
    *_, (first, pictures, details) = drawing(studio)(visitor, prompt="1girl", count=3, seed=7)
    assert details["seeds"] == [7, 8, 9]
    assert first is pictures[0]
    assert ["Seed: 9," in picture.info["parameters"] for picture in pictures] == [False, False, True]


def test_the_previews_of_several_pictures_come_as_one_sheet(studio: FakeStudio, visitor: gr.Request) -> None:
    _, (preview, _, _), *_ = drawing(studio)(visitor, prompt="1girl", count=3, seed=7)
    with Image.open(preview) as image:
        assert image.size == (32, 32)


def test_notes_come_with_the_picture(studio: FakeStudio, visitor: gr.Request) -> None:
    *_, (_, _, details) = drawing(studio)(visitor, prompt="1girl, zorgblat")
    assert details["notes"] == ["This model does not know these words and ignores them: zorgblat."]


def test_a_bad_request_is_one_sentence_and_draws_nothing(studio: FakeStudio, visitor: gr.Request) -> None:
    with pytest.raises(gr.Error) as refused:
        list(drawing(studio)(visitor, prompt=""))
    assert refused.value.message.startswith("The prompt is empty; describe the character")
    assert studio.drawn == []


def test_closing_the_drawing_closes_the_studios_generator(studio: FakeStudio, visitor: gr.Request) -> None:
    going = drawing(studio)(visitor, prompt="1girl")
    next(going), next(going)
    going.close()
    assert studio.closed.is_set()


def test_a_stop_is_the_last_thing_told_however_many_steps_were_on_their_way(
    studio: FakeStudio, visitor: gr.Request
) -> None:
    stops = Stops()
    going = handler(studio, TextToImage, stops)(visitor, prompt="1girl")
    next(going), next(going)
    stops.request(visitor)
    assert list(going) == [(gr.skip(), [], {"message": "Stopped."})]
    assert studio.closed.is_set()


def test_a_stop_before_the_first_step_draws_nothing(studio: FakeStudio, japanese: gr.Request) -> None:
    stops = Stops()
    going = handler(studio, TextToImage, stops)(japanese, prompt="1girl")
    next(going)
    stops.request(japanese)
    assert [details["message"] for _, _, details in going] == ["停止しました。"]


def stopped_at(message: str, studio: FakeStudio, visitor: gr.Request, **values: object) -> list[Outputs]:
    """Return what is still shown once a stop is asked for after a step."""
    stops = Stops()
    going = handler(studio, TextToImage, stops)(visitor, prompt="1girl", seed=7, **values)
    next(shown for shown in going if shown[-1]["message"] == message)
    stops.request(visitor)
    return list(going)


def test_a_stop_between_two_batches_keeps_the_pictures_that_are_finished(
    studio: FakeStudio, visitor: gr.Request
) -> None:
    studio.batch = 2
    ((picture, pictures, details),) = stopped_at("Step 7 of 9", studio, visitor, count=5, steps=3)
    assert ["Seed: 10," in each.info["parameters"] for each in pictures] == [False, False, False, True]
    assert picture is pictures[0]
    assert (details["message"], details["seeds"]) == ("Stopped. Finished pictures: 4", [7, 8, 9, 10])


def test_a_stop_during_the_last_step_of_a_batch_keeps_that_batch_too(studio: FakeStudio, visitor: gr.Request) -> None:
    studio.batch = 2
    ((_, pictures, _),) = stopped_at("Step 3 of 6", studio, visitor, count=4, steps=3)
    assert len(pictures) == 2


def test_a_stop_during_the_very_last_step_is_too_late_to_take_anything_away(
    studio: FakeStudio, visitor: gr.Request
) -> None:
    ((_, pictures, details),) = stopped_at("Step 3 of 3", studio, visitor, count=4, steps=3)
    assert (len(pictures), details["message"]) == (4, "Seeds 7 to 10")


def test_a_stop_ends_the_drawing_of_its_own_visitor_only(studio: FakeStudio) -> None:
    stops, mine = Stops(), gr.Request(headers={}, session_hash="mine")
    going = handler(studio, TextToImage, stops)(mine, prompt="1girl", seed=7)
    next(going)
    stops.request(gr.Request(headers={}, session_hash="yours"))
    *_, (_, _, details) = going
    assert details["seeds"] == [7]


def test_a_stop_after_the_picture_takes_nothing_away(studio: FakeStudio, visitor: gr.Request) -> None:
    stops = Stops()
    for _, pictures, details in (going := handler(studio, TextToImage, stops)(visitor, prompt="1girl")):
        if details.get("seeds"):
            stops.request(visitor)
            assert len(pictures) == 1
            break
    assert list(going) == []


def test_a_stop_that_comes_too_late_does_not_end_the_next_drawing(studio: FakeStudio, visitor: gr.Request) -> None:
    stops = Stops()
    draw = handler(studio, TextToImage, stops)
    list(draw(visitor, prompt="1girl"))
    stops.request(visitor)
    *_, (_, _, details) = draw(visitor, prompt="1girl", seed=7)
    assert details["seeds"] == [7]


def test_before_an_error_the_page_hears_that_nothing_is_drawn_any_more(
    studio: FakeStudio, visitor: gr.Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(task: Task) -> Iterator[Preview]:
        yield Preview(step=1, steps=2)
        raise DrawingFailed("pipelines.out_of_memory")

    monkeypatch.setattr(studio, "run", broken)
    going = drawing(studio)(visitor, prompt="1girl")
    messages = [next(going)[-1]["message"] for _ in range(3)]
    assert messages == ["Starting…", "Step 1 of 2", ""]
    with pytest.raises(gr.Error, match="Out of memory"):
        next(going)


def test_an_error_between_two_batches_loses_no_finished_picture(
    studio: FakeStudio, visitor: gr.Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(task: Task) -> Iterator[Preview | Picture]:
        yield Picture(image=Image.new("RGB", (64, 64)), task=replace(task, seed=7), model="chibi")
        raise DrawingFailed("pipelines.out_of_memory")

    monkeypatch.setattr(studio, "run", broken)
    going = drawing(studio)(visitor, prompt="1girl", count=2)
    next(going)
    picture, pictures, details = next(going)
    assert (pictures, details["seeds"], details["message"]) == ([picture], [7], "")
    with pytest.raises(gr.Error, match="Out of memory"):
        next(going)


def test_a_surprise_is_told_neutrally_and_logged(
    studio: FakeStudio, visitor: gr.Request, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(task: TextToImage) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(studio, "run", broken)
    with pytest.raises(gr.Error) as refused:
        list(drawing(studio)(visitor, prompt="1girl"))
    assert refused.value.message == "Something went wrong on our side; please try again."
    assert "/secret/path" in caplog.text


def test_what_a_visitor_typed_cannot_become_html_in_an_error(studio: FakeStudio, visitor: gr.Request) -> None:
    with pytest.raises(gr.Error) as refused:
        list(drawing(studio)(visitor, prompt="1girl", emotion="<img src=x>"))
    assert "<" not in refused.value.message
