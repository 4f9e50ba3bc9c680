import gradio as gr
import pytest

from animegen import infotext
from animegen.tasks import TextToImage
from animegen.ui.drawing import text_to_image
from tests.ui.fake_studio import FakeStudio


def test_a_drawing_begins_with_a_word_goes_step_by_step_and_ends_with_the_picture(
    studio: FakeStudio, visitor: gr.Request
) -> None:
    shown = list(text_to_image(studio)(visitor, prompt="1girl", steps=3, seed=7))
    assert [details["message"] for _, _, details in shown] == [
        "One moment…", "Step 1 of 3", "Step 2 of 3", "Step 3 of 3", "Seed 7",
    ]  # fmt: skip


def test_messages_are_in_the_visitors_language(studio: FakeStudio, japanese: gr.Request) -> None:
    *_, (_, _, details) = text_to_image(studio)(japanese, prompt="1girl", seed=7)
    assert details["message"] == "シード 7"


def test_the_picture_carries_the_request_that_draws_it_again(studio: FakeStudio, visitor: gr.Request) -> None:
    *_, (image, _, _) = text_to_image(studio)(visitor, prompt="1girl, 「青い」 hair", emotion="sad", seed=7)
    assert set(image.info) == {"parameters"}
    task, notes = infotext.to_task(infotext.read(image.info["parameters"]))
    assert (task.prompt, task.emotion, task.seed, notes) == ("1girl, 「青い」 hair", "sad", 7, ())


def test_each_picture_of_several_has_its_own_seed(studio: FakeStudio, visitor: gr.Request) -> None:
    *_, (first, pictures, details) = text_to_image(studio)(visitor, prompt="1girl", count=3, seed=7)
    assert details["seeds"] == [7, 8, 9]
    assert first is pictures[0]
    assert ["Seed: 9," in picture.info["parameters"] for picture in pictures] == [False, False, True]


def test_the_previews_of_several_pictures_come_as_one_sheet(studio: FakeStudio, visitor: gr.Request) -> None:
    _, (preview, _, _), *_ = text_to_image(studio)(visitor, prompt="1girl", count=3, seed=7)
    assert preview.size == (32, 32)


def test_notes_come_with_the_picture(studio: FakeStudio, visitor: gr.Request) -> None:
    *_, (_, _, details) = text_to_image(studio)(visitor, prompt="1girl, zorgblat")
    assert details["notes"] == ["chibi does not know these words and draws nothing for them: zorgblat."]


def test_a_bad_request_is_one_sentence_and_draws_nothing(studio: FakeStudio, visitor: gr.Request) -> None:
    with pytest.raises(gr.Error) as refused:
        list(text_to_image(studio)(visitor, prompt=""))
    assert refused.value.message == "The prompt is empty; say what to draw, for example '1girl, blue hair, smile'."
    assert studio.drawn == []


def test_closing_the_drawing_closes_the_studios_generator(studio: FakeStudio, visitor: gr.Request) -> None:
    drawing = text_to_image(studio)(visitor, prompt="1girl")
    next(drawing), next(drawing)
    drawing.close()
    assert studio.closed.is_set()


def test_a_surprise_is_told_neutrally_and_logged(
    studio: FakeStudio, visitor: gr.Request, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(task: TextToImage) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(studio, "run", broken)
    with pytest.raises(gr.Error) as refused:
        list(text_to_image(studio)(visitor, prompt="1girl"))
    assert refused.value.message == "Something went wrong on our side; please try again."
    assert "/secret/path" in caplog.text


def test_what_a_visitor_typed_cannot_become_html_in_an_error(studio: FakeStudio, visitor: gr.Request) -> None:
    with pytest.raises(gr.Error) as refused:
        list(text_to_image(studio)(visitor, prompt="1girl", emotion="<img src=x>"))
    assert "<" not in refused.value.message
