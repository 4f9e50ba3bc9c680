"""What visitors do to see one character in every emotion, in a real browser; the studio draws flat pictures."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from animegen.tasks import EmotionPath, ExpressionSheet
from tests.browser.conftest import Opener, drawn, enter, settle, unfold
from tests.ui.conftest import Served

pytestmark = pytest.mark.slow


def test_a_sheet_is_a_page_its_sprites_a_zip_and_lines_for_a_game(
    visit: Opener, served: Served, tmp_path: Path
) -> None:
    page = visit()
    enter(page, 4)
    page.locator("#prompt textarea").fill("1girl")
    page.locator("#shelf").get_by_text("Outfit", exact=True).click()
    page.locator("#outfit").get_by_text("Hoodie", exact=True).click()
    page.locator("#sheet_character textarea").fill("mika")
    page.locator("#sheet_transparent input").check()
    expect(page.locator("#renpy")).to_have_count(0)
    page.locator("#sheet_draw").click()
    expect(page.locator("#visit img")).to_have_count(12)
    unfold(page, "renpy")
    expect(page.locator("#renpy_lines")).to_contain_text('image mika happy = "images/mika_happy.png"')
    with page.expect_download() as packed:
        page.get_by_role("button", name="Save sprites").click()
    packed.value.save_as(tmp_path / packed.value.suggested_filename)
    with ZipFile(tmp_path / "mika.zip") as sprites:
        assert len(sprites.namelist()) == 12
    task = served.studio.drawn[-1]
    assert isinstance(task, ExpressionSheet)
    assert (task.outfit, task.emotions, task.transparent) == ("hoodie", ExpressionSheet.emotions, True)


def test_a_sheet_is_of_the_chosen_emotions_in_their_own_order_also_from_the_keyboard(
    visit: Opener, served: Served
) -> None:
    page = visit()
    enter(page, 4)
    page.locator("#prompt textarea").fill("1girl")
    for box in page.locator("#sheet_emotions input").all()[2:]:
        box.focus()
        page.keyboard.press("Space")
    neutral = page.locator("#sheet_emotions input").first
    neutral.focus()
    page.keyboard.press("Space")
    expect(neutral).not_to_be_checked()
    page.keyboard.press("Space")
    page.locator("#sheet_draw").click()
    expect(page.locator("#visit img")).to_have_count(3)
    assert served.studio.drawn[-1].emotions == ("neutral", "happy")


def test_a_sheet_of_no_emotion_asks_a_visitor_who_clicks_to_choose_one(visit: Opener) -> None:
    page = visit(locale="ja-JP")
    enter(page, 4)
    page.locator("#prompt textarea").fill("1girl")
    for box in page.locator("#sheet_emotions input").all():
        box.uncheck(force=True)
    page.locator("#sheet_draw").click()
    expect(page.get_by_text("表情を 1 つ以上選んでください。")).to_be_visible()


@pytest.mark.parametrize(
    ("viewport", "least"), [({"width": 1280, "height": 800}, 1), ({"width": 390, "height": 844}, 0)]
)
def test_the_frame_has_the_shape_of_its_picture_but_is_no_higher_than_wide_on_a_desk(
    visit: Opener, viewport: dict[str, int], least: float
) -> None:
    def shape() -> float:
        frame = page.locator("#picture").bounding_box()
        assert frame
        return frame["width"] / frame["height"]

    page = visit(viewport=viewport)
    drawn(page)
    assert shape() == pytest.approx(1, abs=0.02)
    enter(page, 4)
    page.locator("#prompt textarea").fill("1girl")
    page.locator("#sheet_draw").click()
    expect(page.locator("#visit img")).to_have_count(13)
    own = page.locator("#picture img").evaluate("each => each.naturalWidth / each.naturalHeight")
    assert shape() == pytest.approx(max(own, least), rel=0.02)


def test_a_character_whose_name_no_file_can_bear_is_refused_in_a_sentence(visit: Opener) -> None:
    page = visit()
    enter(page, 4)
    page.locator("#prompt textarea").fill("1girl")
    page.locator("#sheet_character textarea").fill("Mika!")
    page.locator("#sheet_draw").click()
    expect(page.get_by_text("'Mika!' is not a valid character name")).to_be_visible()
    expect(page.locator("#sheet_draw")).to_be_enabled()


def test_the_character_that_is_shown_is_drawn_in_every_emotion_with_the_same_seed(
    visit: Opener, served: Served
) -> None:
    page = visit()
    page.locator("#prompt textarea").fill("1girl, blue hair")
    drawn(page)
    page.locator("#feel_all").click()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, blue hair")
    page.locator("#sheet_draw").click()
    expect(page.locator("#visit img")).to_have_count(13)
    task = served.studio.drawn[-1]
    assert (type(task), task.seed) == (ExpressionSheet, 1234)


def test_a_page_of_all_emotions_is_no_picture_for_a_path_to_begin_with(visit: Opener, served: Served) -> None:
    page = visit()
    enter(page, 4)
    page.locator("#prompt textarea").fill("1girl, blue hair")
    page.locator("#sheet_draw").click()
    expect(page.locator("#visit img")).to_have_count(12)
    page.locator("#feel").click()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, blue hair")
    page.locator("#path_draw").click()
    expect(page.locator("#visit img")).to_have_count(17)
    task = served.studio.drawn[-1]
    assert isinstance(task, EmotionPath)
    assert (task.image, task.seed) == (None, 1234)


def test_a_japanese_visitor_draws_a_sheet_on_a_phone(visit: Opener) -> None:
    page = visit(locale="ja-JP", viewport={"width": 390, "height": 844})
    enter(page, 4)
    expect(page.locator("#sheet_emotions")).to_contain_text("通常")
    page.locator("#prompt textarea").fill("")
    page.locator("#sheet_draw").click()
    expect(page.get_by_text("プロンプトが空です。")).to_be_visible()
    page.locator("#prompt textarea").fill("1girl")
    page.locator("#sheet_draw").click()
    expect(page.get_by_role("button", name="立ち絵を保存")).to_be_visible()
    unfold(page, "renpy")
    expect(page.locator("#renpy_lines")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_settings_of_a_sheet_survive_a_refresh(visit: Opener) -> None:
    page = visit()
    enter(page, 4)
    page.locator("#sheet_character textarea").fill("mika")
    page.locator("#sheet_emotions").get_by_text("Smug", exact=True).click()
    settle(page)
    page.reload()
    enter(page, 4)
    expect(page.locator("#sheet_character textarea")).to_have_value("mika")
    expect(page.locator("#sheet_emotions input:checked")).to_have_count(10)
