"""What visitors do in the other tabs, in a real browser; the studio behind the page draws flat pictures."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from animegen.tasks import Animation, EmotionPath, ImageToImage
from tests.browser.conftest import Opener, drawn, enter, settle, status, unfold
from tests.ui.conftest import Served

pytestmark = pytest.mark.slow


@pytest.fixture
def girl(tmp_path: Path) -> Path:
    path = tmp_path / "girl.png"
    Image.new("RGB", (128, 128), "pink").save(path)
    return path


def give(page: Page, room: str, picture: Path) -> None:
    page.locator(f"#{room}_image input[type=file]").set_input_files(picture)
    expect(page.locator(f"#{room}_image img")).to_be_visible()


# Redraw


def test_a_picture_is_drawn_anew_with_another_emotion_and_shown_beside_its_source(
    visit: Opener, served: Served, girl: Path
) -> None:
    page = visit()
    enter(page, 1)
    give(page, "redraw", girl)
    page.locator("#redraw_emotion").get_by_text("Angry", exact=True).click()
    page.locator("#redraw_draw").click()
    expect(page.locator("#compare img")).to_have_count(2)
    expect(page.locator("#visit img")).to_have_count(1)
    task = served.studio.drawn[-1]
    assert isinstance(task, ImageToImage)
    assert (task.emotion, task.strength, task.image.getpixel((64, 64))) == ("angry", 0.7, (255, 192, 203))


def test_redrawing_without_a_picture_asks_for_one(visit: Opener) -> None:
    page = visit()
    enter(page, 1)
    page.locator("#redraw_draw").click()
    expect(page.get_by_text("Choose a picture first.")).to_be_visible()
    expect(page.locator("#redraw_draw")).to_be_enabled()


def test_the_picture_that_is_shown_is_sent_to_be_redrawn_with_its_words(visit: Opener, served: Served) -> None:
    page = visit()
    page.locator("#prompt textarea").fill("1girl, blue hair")
    drawn(page)
    page.locator("#redraw").click()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, blue hair")
    expect(page.locator("#redraw_image img")).to_be_visible()
    page.locator("#redraw_draw").click()
    expect(page.locator("#compare img")).to_have_count(2)
    assert isinstance(served.studio.drawn[-1], ImageToImage)


# Emotion path


def test_a_path_is_a_film_and_a_row_of_five_frames(visit: Opener, served: Served) -> None:
    page = visit()
    enter(page, 3)
    page.locator("#prompt textarea").fill("1girl")
    page.locator("#path_shelf").get_by_text("To", exact=True).click()
    page.locator("#path_to_emotion").get_by_text("Sad", exact=True).click()
    page.locator("#path_draw").click()
    expect(page.locator("#visit img")).to_have_count(5)
    expect(page.locator("#picture img")).to_have_attribute("src", re.compile(r"\.webp$"))
    expect(page.locator("#film_save")).to_be_visible()
    task = served.studio.drawn[-1]
    assert isinstance(task, EmotionPath)
    assert (task.from_emotion, task.to_emotion, task.frames) == (("calm",), ("sad",), 5)


def test_a_path_of_nobody_is_refused_in_a_sentence(visit: Opener) -> None:
    page = visit()
    enter(page, 3)
    page.locator("#prompt textarea").fill("")
    page.locator("#path_draw").click()
    expect(page.get_by_text("The prompt is empty")).to_be_visible()


def test_the_character_that_is_shown_is_led_on_with_the_same_seed(visit: Opener, served: Served) -> None:
    page = visit()
    page.locator("#prompt textarea").fill("1girl, blue hair")
    drawn(page)
    page.locator("#feel").click()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, blue hair")
    expect(page.locator("#path_draw")).to_be_visible()
    page.locator("#path_draw").click()
    expect(page.locator("#visit img")).to_have_count(6)
    assert served.studio.drawn[-1].seed == 1234


def test_a_picture_that_words_alone_would_not_draw_goes_along(visit: Opener, served: Served, girl: Path) -> None:
    page = visit()
    enter(page, 1)
    give(page, "redraw", girl)
    page.locator("#redraw_draw").click()
    expect(page.locator("#compare img")).to_have_count(2)
    page.locator("#feel").click()
    page.locator("#path_draw").click()
    expect(page.locator("#visit img")).to_have_count(6)
    task = served.studio.drawn[-1]
    assert isinstance(task, EmotionPath)
    assert task.image is not None


def test_a_picture_goes_through_several_emotions(visit: Opener, served: Served, girl: Path) -> None:
    page = visit()
    enter(page, 3)
    unfold(page, "path_source")
    give(page, "path", girl)
    unfold(page, "path_animation")
    page.locator("#animate").click()
    expect(page.locator("#visit img")).to_have_count(12)
    task = served.studio.drawn[-1]
    assert isinstance(task, Animation)
    assert task.emotions == ("calm", "surprised", "happy")


def test_a_path_can_be_stopped(visit: Opener, served: Served) -> None:
    page = visit()
    enter(page, 3)
    page.locator("#prompt textarea").fill("1girl")
    served.studio.gate.clear()
    try:
        page.locator("#path_draw").click()
        expect(status(page)).to_have_value("Step 19 of 20")
        page.locator("#path_stop").click()
        expect(status(page)).to_have_value("Stopped.")
    finally:
        served.studio.gate.set()
    expect(page.locator("#path_draw")).to_be_enabled()


# All


def test_the_tabs_speak_japanese_to_a_japanese_browser(visit: Opener) -> None:
    page = visit(locale="ja-JP")
    enter(page, 1)
    expect(page.locator("#redraw_strength")).to_contain_text("描き直しの強さ")
    page.locator("#redraw_draw").click()
    expect(page.get_by_text("先に画像を選んでください。")).to_be_visible()
    enter(page, 3)
    expect(page.locator("#path_shelf")).to_contain_text("最初の表情")


@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
def test_on_a_phone_no_tab_scrolls_sideways(visit: Opener, locale: str) -> None:
    page = visit(locale=locale, viewport={"width": 390, "height": 844})
    for place, button in enumerate(("draw", "redraw_draw", "canny_draw", "path_draw", "sheet_draw")):
        enter(page, place)
        expect(page.locator(f"#{button}")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_settings_of_a_path_survive_a_refresh(visit: Opener) -> None:
    page = visit()
    enter(page, 3)
    page.locator("#prompt textarea").fill("1boy")
    page.locator("#path_from_emotion").get_by_text("Angry", exact=True).click()
    settle(page)
    page.reload()
    enter(page, 3)
    expect(page.locator("#prompt textarea")).to_have_value("1boy")
    expect(page.locator("#path_from_emotion label:has(input:checked)")).to_have_text("Angry")


def test_what_a_drawing_has_to_say_stands_under_its_picture_until_the_next_one(visit: Opener) -> None:
    page = visit(locale="ja-JP")
    enter(page, 4)
    page.locator("#prompt textarea").fill("1girl, happy")
    page.locator("#sheet_draw").click()
    expect(page.locator("#remarks textarea")).to_have_value(re.compile("happy"))
    page.locator("#prompt textarea").fill("1girl")
    page.locator("#sheet_draw").click()
    expect(page.locator("#remarks")).to_be_hidden()


def test_what_stands_beside_the_prompt_is_not_said_twice(visit: Opener) -> None:
    page = visit()
    page.locator("#prompt textarea").fill("1girl, zeppelin")
    expect(page.locator("#notes textarea")).to_have_value(re.compile("zeppelin"))
    drawn(page)
    expect(page.locator("#remarks")).to_be_hidden()
