"""What visitors do, in a real browser; the studio behind the page draws flat pictures."""

import re
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Locator, Page, Route, expect

from animegen.pictures.films import Film, film
from animegen.tasks import EmotionPath, Picture
from tests.browser.conftest import Opener, enter, settle, unfold
from tests.ui.conftest import Served

pytestmark = pytest.mark.slow


def ask(page: Page, prompt: str = "1girl, blue hair") -> None:
    page.locator("#prompt textarea").fill(prompt)


def draw(page: Page, prompt: str = "1girl, blue hair") -> None:
    ask(page, prompt)
    page.locator("#draw").click()
    expect(status(page)).to_have_value("Seed 1234")


def status(page: Page) -> Locator:
    return page.locator("#status textarea")


def pick(page: Page, kind: str, label: str) -> None:
    page.locator(f"#{kind}").get_by_text(label, exact=True).click()


def test_a_visitor_types_draws_and_sees_the_picture_its_seed_and_the_gallery(visit: Opener) -> None:
    page = visit()
    draw(page)
    expect(page.locator("#picture img")).to_be_visible()
    expect(page.locator("#visit img")).to_have_count(1)


def test_a_first_visitor_presses_draw_and_nothing_else(visit: Opener, served: Served) -> None:
    page = visit()
    expect(page.locator("#prompt textarea")).to_have_value("1girl")
    page.locator("#draw").click()
    expect(status(page)).to_have_value("Seed 1234")
    assert served.studio.drawn[-1].final_prompt == "1girl"


def test_hair_and_outfit_are_chosen_from_pictures(visit: Opener, served: Served) -> None:
    page = visit()
    pick(page, "hair_style", "Twintails")
    pick(page, "shelf", "Outfit")
    expect(page.locator("#hair_style")).to_be_hidden()
    pick(page, "outfit", "Hoodie")
    draw(page, "1girl")
    assert served.studio.drawn[-1].final_prompt == "1girl, twintails, hoodie"


def test_the_keyboard_reaches_a_picker_and_changes_it(visit: Opener) -> None:
    page = visit()
    page.locator("#shelf input:checked").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#hair_colour input:checked")).to_have_value("brown")
    expect(page.locator("#hair_colour input:checked")).to_be_focused()


def test_the_character_of_one_tab_is_there_in_the_next(visit: Opener, served: Served) -> None:
    page = visit()
    ask(page, "1girl, freckles")
    pick(page, "hair_style", "Braid")
    enter(page, 4)
    page.locator("#sheet_draw").click()
    expect(page.locator("#visit img")).to_have_count(12)
    task = served.studio.drawn[-1]
    assert (task.name, task.prompt, task.hair_style) == ("expression_sheet", "1girl, freckles", "braid")


def test_shift_and_enter_draw_in_the_open_tab(visit: Opener, served: Served) -> None:
    page = visit()
    enter(page, 3)
    page.locator("#prompt textarea").press("Shift+Enter")
    expect(page.locator("#visit img")).to_have_count(5)
    assert served.studio.drawn[-1].name == "emotion_path"


def test_a_refused_request_leaves_what_stood_there(visit: Opener) -> None:
    page = visit()
    draw(page)
    before = page.locator("#picture img").get_attribute("src")
    ask(page, "")
    page.locator("#draw").click()
    expect(page.get_by_text("The prompt is empty; describe the character")).to_be_visible()
    expect(status(page)).to_have_value("Seed 1234")
    expect(page.locator("#picture img")).to_have_attribute("src", str(before))
    expect(page.locator("#visit img")).to_have_count(1)


def test_the_page_speaks_japanese_to_a_japanese_browser(visit: Opener) -> None:
    page = visit(locale="ja-JP")
    expect(page.locator("#draw")).to_have_text("描く")
    expect(page.locator("#emotion")).to_contain_text("喜び")
    expect(page.locator("#shelf")).to_contain_text("髪型")
    ask(page, "")
    page.locator("#draw").click()
    expect(page.get_by_text("プロンプトが空です。")).to_be_visible()
    ask(page)
    page.locator("#draw").click()
    expect(status(page)).to_have_value("シード 1234")


def test_the_final_prompt_follows_the_pickers_before_anything_is_drawn(visit: Opener) -> None:
    page = visit()
    ask(page)
    pick(page, "emotion", "Happy")
    unfold(page, "options")
    expect(page.locator("#final_prompt textarea")).to_have_attribute("placeholder", "1girl, blue hair, happy")


def test_an_edited_final_prompt_is_drawn_as_it_stands(visit: Opener, served: Served) -> None:
    page = visit()
    ask(page)
    unfold(page, "options")
    page.get_by_role("button", name="Edit").click()
    box = page.locator("#final_prompt textarea")
    expect(box).to_have_value("1girl, blue hair")
    box.fill("1boy, angry")
    draw(page)
    assert served.studio.drawn[-1].final_prompt == "1boy, angry"


def test_an_error_is_a_sentence_and_the_page_goes_on(visit: Opener) -> None:
    page = visit()
    ask(page, "")
    page.locator("#draw").click()
    expect(page.get_by_text("The prompt is empty; describe the character")).to_be_visible()
    draw(page)


def test_an_idea_fills_the_controls_and_draws(visit: Opener, served: Served) -> None:
    page = visit()
    page.get_by_role("button", name="Knight").click()
    expect(page.locator("#prompt textarea")).to_have_value("1boy, blue eyes, pale skin, sunset")
    expect(status(page)).to_have_value(re.compile("^Seed"))
    expect(page.locator("#ideas")).to_be_hidden()
    drawn = served.studio.drawn[-1]
    assert (drawn.emotion, drawn.hair_style, drawn.outfit) == ("happy", "spiky", "armor")


@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
def test_a_phone_needs_no_sideways_scrolling(visit: Opener, locale: str) -> None:
    page = visit(locale=locale, viewport={"width": 390, "height": 844})
    for kind in ("hair_colour", "outfit", "style", "hair_style"):
        page.locator(f"#shelf label:has([value={kind}])").click()
        expect(page.locator(f"#{kind}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_phone_shows_words_draw_and_picture_at_once(visit: Opener) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    draw(page)
    for part in ("#prompt", "#draw", "#picture img"):
        expect(page.locator(part)).to_be_in_viewport(ratio=0.6)


def test_settings_survive_a_refresh(visit: Opener) -> None:
    page = visit()
    ask(page, "1girl, red hair")
    pick(page, "emotion", "Sad")
    unfold(page, "options")
    page.locator("#count input[type=number]").fill("3")
    page.locator("#count input[type=number]").blur()
    expect(page.locator("#final_prompt textarea")).to_have_attribute("placeholder", "1girl, red hair, sad")
    settle(page)
    page.reload()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, red hair")
    unfold(page, "options")
    expect(page.locator("#emotion label:has(input:checked)")).to_have_text("Sad")
    expect(page.locator("#count input[type=number]")).to_have_value("3")


def test_what_a_visitor_types_before_the_settings_come_back_stays(visit: Opener) -> None:
    page = visit()
    ask(page, "1girl, red hair")
    pick(page, "emotion", "Sad")
    held: list[Route] = []
    waits = ["for a word"]
    page.route("**/run/predict", lambda route, _: held.append(route) if waits else route.continue_())
    settle(page)
    with page.expect_request(lambda request: "red hair" in (request.post_data or "")):
        page.reload()
    ask(page, "1boy")
    waits.clear()
    for each in held:
        each.continue_()
    expect(page.locator("#emotion label:has(input:checked)")).to_have_text("Sad")
    expect(page.locator("#prompt textarea")).to_have_value("1boy")


def test_a_new_visitor_sees_nothing_of_another(visit: Opener) -> None:
    draw(visit(), "1girl, red hair")
    page = visit()
    expect(page.locator("#prompt textarea")).to_have_value("1girl")
    expect(page.locator("#visit img")).to_have_count(0)


def test_a_picture_of_the_gallery_gives_its_settings_back(visit: Opener) -> None:
    page = visit()
    draw(page, "1girl, red hair")
    unfold(page, "settings")
    page.locator("#seed input").fill("77")
    ask(page, "1boy")
    page.locator("#draw").click()
    expect(status(page)).to_have_value("Seed 77")
    page.locator("#visit button:has(img)").nth(1).click()
    page.locator("#reload").click()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, red hair")
    expect(page.locator("#seed input")).to_have_value("1234")


def test_the_same_seed_is_one_press_away(visit: Opener) -> None:
    page = visit()
    draw(page)
    unfold(page, "settings")
    page.get_by_role("button", name="Keep seed").click()
    expect(page.locator("#seed input")).to_have_value("1234")
    page.get_by_role("button", name="New seed").click()
    expect(page.locator("#seed input")).to_have_value("-1")


def test_a_saved_picture_read_back_fills_the_controls(visit: Opener, tmp_path: Path) -> None:
    page = visit()
    pick(page, "emotion", "Smug")
    draw(page, "1girl, 青い hair")
    with page.expect_download() as saved:
        page.locator("#picture").hover()
        page.locator("#picture").get_by_label("Download").click()
    file = tmp_path / "saved.png"
    saved.value.save_as(file)
    assert "青い" in parameters_in(file)
    other = visit()
    other.get_by_role("tab", name="Info").click()
    other.locator("#info_picture input[type=file]").set_input_files(file)
    expect(other.locator("#parameters textarea")).to_have_value(parameters_in(file))
    other.locator("#use_settings").click()
    expect(other.locator("#prompt textarea")).to_have_value("1girl, 青い hair")
    expect(other.locator("#emotion label:has(input:checked)")).to_have_text("Smug")


def test_a_picture_of_another_program_is_read_and_what_was_changed_is_told(visit: Opener, tmp_path: Path) -> None:
    chunk = PngInfo()
    chunk.add_text("parameters", "a cat\nSteps: 30, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x768")
    Image.new("RGB", (8, 8)).save(tmp_path / "cat.png", pnginfo=chunk)
    page = visit()
    page.get_by_role("tab", name="Info").click()
    page.locator("#info_picture input[type=file]").set_input_files(tmp_path / "cat.png")
    expect(page.locator("#parameters textarea")).to_have_value(re.compile("a cat"))
    page.locator("#use_settings").click()
    expect(page.get_by_text("This model cannot draw 512x768; using its own size.")).to_be_visible()
    expect(page.locator("#prompt textarea")).to_have_value("a cat")


def test_a_picture_without_settings_is_answered_in_a_sentence(visit: Opener, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    page = visit(locale="ja-JP")
    page.get_by_role("tab", name="画像の情報").click()
    page.locator("#info_picture input[type=file]").set_input_files(tmp_path / "plain.png")
    expect(page.get_by_text("このファイルには生成パラメータがありません。")).to_be_visible()
    expect(page.locator(".toast-title")).to_be_hidden()


def test_a_film_that_is_read_takes_the_place_of_the_picture_and_fills_the_controls(
    visit: Opener, tmp_path: Path
) -> None:
    task = EmotionPath(prompt="1girl, 青い髪", frames=2, steps=5, sampler="DPM++ 2M", width=64, height=96, seed=42)
    frames = [Picture(image=Image.new("RGB", (64, 96)), task=each, model="chibi") for each in task.singles()]
    (tmp_path / "film.mp4").write_bytes(film(frames, Film(format="mp4"), task))
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    page = visit()
    page.get_by_role("tab", name="Info").click()
    page.locator("#info_picture input[type=file]").set_input_files(tmp_path / "plain.png")
    expect(page.locator("#info_picture img")).to_have_count(1)
    with page.expect_file_chooser() as chooser:
        page.locator("#info_film").click()
    chooser.value.set_files(tmp_path / "film.mp4")
    expect(page.locator("#parameters textarea")).to_have_value(re.compile("Task: emotion_path"))
    expect(page.locator("#info_picture img")).to_have_count(0)
    page.locator("#use_settings").click()
    expect(page.locator("#prompt textarea")).to_have_value("1girl, 青い髪")


def parameters_in(file: Path) -> str:
    with Image.open(file) as image:
        return str(image.info["parameters"])
