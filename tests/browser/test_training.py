"""What a person does with training runs on their own machine, in a real browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from animegen.lora_files import Offers
from animegen.tasks import Lora
from animegen.training.runs import Runs
from animegen.ui import build, launch_options
from tests.browser.conftest import Opener, drawn, settle
from tests.ui.conftest import Served
from tests.ui.fake_studio import FakeStudio
from tests.ui.runs import make_run, training

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of runs, recipes and LoRAs; the first two are empty."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("loras", "recipes", "runs"):
        (folder / name).mkdir()
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        studio = FakeStudio(Offers([folder / "loras"]))
        page = build(studio, runs=Runs(folder / "runs", folder / "recipes"))
        _, url, _ = page.launch(**launch_options(studio), prevent_thread_lock=True, quiet=True)
        yield Served(url.rstrip("/"), studio, page)
        page.close(verbose=False)


def enter_runs(page: Page, name: str = "LoRAs") -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    expect(page.locator("#training")).to_be_visible()
    settle(page)


def write_status(run: Path, **changed: object) -> None:
    path = run / "status.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changed), encoding="utf-8")


def test_a_run_is_watched_and_stopped_and_one_of_its_epochs_is_drawn_with(
    visit: Opener, served: Served, folder: Path
) -> None:
    page = visit()
    page.locator("#lora_fold button").click()
    expect(page.locator("#loras")).to_contain_text("No LoRA for this model yet")
    enter_runs(page)
    expect(page.locator("#runs_hint textarea")).to_have_value(re.compile("No training runs yet"))
    expect(page.locator("#run")).to_be_hidden()

    run = make_run(folder / "runs", "winter", "running", epoch=5)
    with training(run) as pid:
        write_status(run, pid=pid)
        page.get_by_role("tab", name="Draw", exact=True).click()
        enter_runs(page)
        headline = page.locator("#run_headline textarea")
        expect(headline).to_have_value(re.compile("^Running · epoch 5 of 20 · step 100 of 400 · .* min left$"))
        expect(page.locator("#run_samples section")).to_have_count(2)
        expect(page.locator("#run_curve canvas, #run_curve svg").first).to_be_visible()
        write_status(run, epoch=6, step=120)
        expect(headline).to_have_value(re.compile("epoch 6 of 20"))
        page.locator("#stop_run").click()
        expect(headline).to_have_value(re.compile("^Stopping…"))
        assert (run / "stop").exists()
    expect(headline).to_have_value(re.compile("^Interrupted"))
    expect(page.locator("#resume_run")).to_be_visible()

    page.locator("#run_samples .sample-pictures button").first.click()
    expect(page.locator("dialog p")).to_have_text("Epoch 5 · 1girl, blue hair, winterlook")
    page.locator("dialog").click()
    page.locator("#run_samples .sample-head button").click()
    expect(page.locator("#loras input[value=winter-e005]")).to_be_checked()
    drawn(page)
    assert served.studio.drawn[-1].loras == (Lora("winter-e005", 1.0),)
