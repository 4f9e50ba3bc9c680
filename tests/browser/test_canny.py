"""What visitors do to draw along lines, in a real browser; the studio behind the page draws flat pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from animegen.errors import ModelUnavailable
from animegen.tasks import Canny, Preview
from tests.browser.conftest import Opener, drawn, enter, settle, status, unfold
from tests.ui.conftest import Served

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Two colours: an edge between them, and nothing that could be a sketch."""
    picture = Image.new("RGB", (192, 128), "navy")
    ImageDraw.Draw(picture).rectangle((60, 30, 130, 100), fill="orange")
    picture.save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def across(page: Page, height: float) -> list[tuple[float, float]]:
    """Return where a stroke begins and ends that crosses the pad at a height, given as a share of its own."""
    box = page.locator("#canny_pad canvas").bounding_box()
    assert box is not None
    y = box["y"] + height * box["height"]
    return [(box["x"] + share * box["width"], y) for share in (0.2, 0.8)]


def stroke(page: Page, height: float) -> None:
    begin, end = across(page, height)
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def touch(page: Page, height: float) -> None:
    """Draw a stroke with a finger."""
    begin, end = across(page, height)
    finger = page.context.new_cdp_session(page)
    for kind, points in (("touchStart", [begin]), ("touchMove", [end]), ("touchEnd", [])):
        places = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def draw(page: Page) -> None:
    page.locator("#canny_draw").click()
    expect(status(page)).to_have_value("Seed 1234")


def followed(served: Served) -> Canny:
    task = served.studio.drawn[-1]
    assert isinstance(task, Canny)
    return task


def ink(task: Canny) -> list[bool]:
    """Return at which of four heights the middle of the picture is dark."""
    grey = task.image.convert("L")
    return [grey.getpixel((grey.width // 2, round(share * grey.height))) < 128 for share in (0.2, 0.4, 0.6, 0.8)]


def test_a_sketch_is_drawn_on_the_page_its_lines_shown_and_followed(visit: Opener, served: Served) -> None:
    page = visit()
    enter(page, 2)
    stroke(page, 0.2)
    expect(page.locator("#canny_lines img")).to_be_visible()
    expect(page.locator("#canny_notes textarea")).to_have_value(
        "The picture looks like a sketch, so its dark lines are used; choose 'photo' if it is none.\n"
        "The lines do not look like a portrait from the front; chibi will follow them only roughly."
    )
    page.locator("#prompt textarea").fill("1girl")
    draw(page)
    expect(page.locator("#compare img")).to_have_count(2)
    task = followed(served)
    assert (task.image.size, task.image_kind, task.conditioning_scale) == ((256, 256), "sketch", 0.8)
    assert ink(task) == [True, False, False, False]


def test_strokes_are_taken_back_wiped_out_and_cleared(visit: Opener, served: Served) -> None:
    page = visit()
    enter(page, 2)
    for height in (0.2, 0.4, 0.6):
        stroke(page, height)
    page.locator("#canny_undo").click()
    page.locator("#canny_tool").get_by_text("Eraser", exact=True).click()
    lines = page.locator("#canny_lines img")
    expect(lines).to_be_visible()
    before = str(lines.get_attribute("src"))
    stroke(page, 0.2)
    expect(lines).not_to_have_attribute("src", before)
    draw(page)
    assert ink(followed(served)) == [False, True, False, False]
    page.locator("#canny_clear").click()
    expect(lines).to_have_count(0)
    page.locator("#canny_draw").click()
    expect(page.get_by_text("Choose a picture first.")).to_be_visible()


def test_the_lines_of_a_picture_follow_the_thresholds_and_what_it_is(
    visit: Opener, served: Served, photo: Path
) -> None:
    page = visit()
    enter(page, 2)
    page.locator("#canny_from").get_by_text("Use a picture").click()
    page.locator("#canny_image input[type=file]").set_input_files(photo)
    lines = page.locator("#canny_lines img")
    expect(lines).to_be_visible()
    as_photo = str(lines.get_attribute("src"))
    page.locator("#canny_kind").get_by_text("Edge map").click()
    expect(lines).not_to_have_attribute("src", as_photo)
    page.locator("#canny_kind").get_by_text("Photo").click()
    expect(lines).to_have_attribute("src", as_photo)
    unfold(page, "canny_options")
    page.locator("#canny_low_threshold input[type=number]").fill("250")
    page.locator("#canny_low_threshold input[type=number]").blur()
    expect(page.locator("#canny_notes textarea")).to_have_value(
        "The low threshold must not be above the high threshold."
    )
    expect(lines).to_have_count(0)


def test_a_drawing_goes_to_the_pad_and_is_drawn_upon(visit: Opener, served: Served) -> None:
    page = visit()
    page.locator("#prompt textarea").fill("1girl, blue hair")
    drawn(page)
    page.locator("#trace").click()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, blue hair")
    before = page.locator("#canny_lines img")
    expect(before).to_be_visible()
    stroke(page, 0.6)
    expect(before).not_to_have_attribute("src", str(before.get_attribute("src")))
    page.locator("#canny_draw").click()
    expect(page.locator("#compare img")).to_have_count(2)
    task = followed(served)
    assert task.image.getpixel((10, 10)) != (255, 255, 255)
    assert ink(task) == [False, False, True, False]


def test_a_drawing_along_lines_goes_on_to_be_redrawn(visit: Opener) -> None:
    page = visit()
    enter(page, 2)
    stroke(page, 0.2)
    expect(page.locator("#canny_lines img")).to_be_visible()
    page.locator("#prompt textarea").fill("1girl, red hair")
    draw(page)
    page.locator("#redraw").click()
    expect(page.locator("#redraw_image img")).to_be_visible()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, red hair")


def test_lines_are_shown_while_something_is_drawn(visit: Opener, served: Served) -> None:
    page = visit()
    served.studio.gate.clear()
    try:
        page.locator("#draw").click()
        expect(status(page)).to_have_value("Step 19 of 20")
        enter(page, 2)
        stroke(page, 0.2)
        expect(page.locator("#canny_lines img")).to_be_visible()
    finally:
        served.studio.gate.set()
    expect(page.locator("#canny_draw")).to_be_enabled()


def test_a_model_without_a_controlnet_says_so_and_keeps_the_sketch(
    visit: Opener, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Iterator[Preview]:
        raise ModelUnavailable("models.no_controlnet", model="chibi")
        yield

    monkeypatch.setattr(served.studio, "run", refuse)
    page = visit(locale="ja-JP")
    enter(page, 2)
    stroke(page, 0.2)
    expect(page.locator("#canny_lines img")).to_be_visible()
    page.locator("#canny_draw").click()
    expect(page.get_by_text("chibi には ControlNet がないため、線画から描けません。")).to_be_visible()
    expect(page.locator("#canny_draw")).to_be_enabled()
    expect(page.locator("#canny_lines img")).to_be_visible()


def test_a_finger_draws_on_a_phone_and_the_page_stays_where_it_is(visit: Opener, served: Served) -> None:
    page = visit(locale="ja-JP", **PHONE)
    enter(page, 2)
    expect(page.locator("#canny_pad canvas")).to_be_in_viewport(ratio=1)
    touch(page, 0.4)
    expect(page.locator("#canny_lines img")).to_be_visible()
    assert page.evaluate("[document.documentElement.scrollWidth, window.scrollY]") == [390, 0]
    page.locator("#canny_draw").click()
    expect(status(page)).to_have_value("シード 1234")
    assert ink(followed(served)) == [False, True, False, False]


def test_on_a_phone_draw_stays_above_the_pictures_that_are_compared(visit: Opener) -> None:
    page = visit(**PHONE)
    enter(page, 2)
    touch(page, 0.4)
    expect(page.locator("#canny_lines img")).to_be_visible()
    draw(page)
    expect(page.locator("#compare img")).to_have_count(2)
    page.locator("#compare").evaluate("(compare) => compare.scrollIntoView({block: 'end'})")
    page.locator("#canny_draw").click(trial=True, timeout=10_000)


def test_settings_of_a_sketch_survive_a_refresh(visit: Opener) -> None:
    page = visit()
    enter(page, 2)
    page.locator("#canny_kind").get_by_text("Edge map").click()
    settle(page)
    page.reload()
    enter(page, 2)
    expect(page.locator("#canny_kind input:checked")).to_have_value("edges")
