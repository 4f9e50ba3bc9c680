"""What visitors do with LoRAs, in a real browser; the studio behind the page draws flat pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from animegen.lora_files import Offers, write_kohya
from animegen.tasks import Lora
from animegen.ui import build, launch_options
from tests.browser.conftest import Opener, drawn, settle, unfold
from tests.lora_files.making import adapter
from tests.ui.conftest import Served
from tests.ui.fake_studio import FakeStudio

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five LoRAs, one of them with words that a browser could take for HTML."""
    folder = tmp_path_factory.mktemp("loras")
    for name in ("ink", "soft", "neon", "paper", "gold"):
        said = {"modelspec.trigger_phrase": "<b>ink</b>, line art", "modelspec.license": "CC-BY-4.0"}
        write_kohya(adapter("chibi"), folder / f"{name}.safetensors", said if name == "ink" else {})
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        studio = FakeStudio(Offers([folder]))
        page = build(studio)
        _, url, _ = page.launch(**launch_options(studio), prevent_thread_lock=True, quiet=True)
        yield Served(url.rstrip("/"), studio, page)
        page.close(verbose=False)


def box(name: str) -> str:
    return f"#loras input[type=checkbox][value={name}]"


def test_a_lora_is_chosen_weighed_and_drawn_with(visit: Opener, served: Served) -> None:
    page = visit()
    unfold(page, "lora_fold")
    page.locator(box("soft")).check()
    page.locator("#loras input[type=range][aria-label=ink]").fill("0.6")
    expect(page.locator(box("ink"))).to_be_checked()
    drawn(page)
    task = served.studio.drawn[-1]
    assert set(task.loras) == {Lora("ink", 0.6), Lora("soft", 1.0)}
    assert "line art" in task.final_prompt


def test_foreign_words_stay_text(visit: Opener) -> None:
    page = visit()
    unfold(page, "lora_fold")
    expect(page.locator("#loras small").nth(1)).to_have_text("+ <b>ink</b>, line art · CC-BY-4.0")
    expect(page.locator("#loras b")).to_have_count(0)


def test_four_are_enough(visit: Opener) -> None:
    page = visit()
    unfold(page, "lora_fold")
    for name in ("ink", "soft", "neon", "gold"):
        page.locator(box(name)).check()
    expect(page.locator(box("paper"))).to_be_disabled()
    page.locator(box("gold")).uncheck()
    expect(page.locator(box("paper"))).to_be_enabled()


def test_the_choice_comes_back_after_a_refresh_and_goes_with_an_idea(visit: Opener) -> None:
    page = visit()
    unfold(page, "lora_fold")
    page.locator("#loras input[type=range][aria-label=soft]").fill("0.4")
    settle(page)
    page.reload()
    unfold(page, "lora_fold")
    expect(page.locator(box("soft"))).to_be_checked()
    expect(page.locator("#loras input[type=range][aria-label=soft]")).to_have_value("0.4")
    page.locator("#ideas button").first.click()
    expect(page.locator(box("soft"))).not_to_be_checked()


def test_a_file_that_is_added_meanwhile_is_there_after_a_reload(visit: Opener, folder: Path) -> None:
    page = visit()
    try:
        write_kohya(adapter("chibi"), folder / "late.safetensors")
        page.reload()
        unfold(page, "lora_fold")
        expect(page.locator(box("late"))).to_be_visible()
    finally:
        (folder / "late.safetensors").unlink()
