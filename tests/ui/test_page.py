"""The page as it is built and served, without a browser."""

import re
from pathlib import Path

import httpx
from gradio_client import Client

from animegen import ui
from animegen.messages import table
from animegen.tasks import TASKS
from animegen.ui import api_names, launch_options
from animegen.ui.choices import labels
from animegen.ui.ideas import ideas
from tests.ui.conftest import PATIENCE, Served
from tests.ui.fake_studio import FakeStudio


def test_scripts_find_each_task_and_the_look_ups(studio: FakeStudio) -> None:
    look_ups = {"models", "emotions", "appearance", "styles", "loras", "canny_edges"}
    assert set(api_names(studio)) == {task.name for task in TASKS} | look_ups


def test_the_page_names_no_remote_style_sheet(served: Served) -> None:
    assert httpx.get(f"{served.url}/config", timeout=PATIENCE).json()["stylesheets"] == []


def test_the_page_loads_nothing_from_elsewhere(served: Served) -> None:
    page = httpx.get(served.url, timeout=PATIENCE).text
    fetched = re.findall(r"<(?:script|link|img|iframe)[^>]*?\s(?:src|href)=[\"']((?:https?:)?//[^\"']+)", page)
    assert fetched == []


def test_neither_config_nor_info_tells_a_path_of_the_machine(served: Served) -> None:
    for place in ("config", "gradio_api/info"):
        text = httpx.get(f"{served.url}/{place}", timeout=PATIENCE).text
        assert not re.search(r"/(?:home|root|work|tmp|usr)/", text), place


def test_every_label_of_the_page_is_a_text_in_both_languages(served: Served) -> None:
    known = {name.removeprefix("page.").removeprefix("fields.") for name in table()} | set(labels())
    used = re.findall(
        r'\\"key\\": \\"(\w+)\\"|"key":\s?"(\w+)"', httpx.get(f"{served.url}/config", timeout=PATIENCE).text
    )
    assert {first or second for first, second in used} <= known


def test_every_idea_can_be_drawn_and_is_understood(studio: FakeStudio) -> None:
    from animegen.tasks import TextToImage

    for name, request in ideas().items():
        prompt = studio.prompt(TextToImage(**request))
        assert prompt.notes == (), name


def test_the_public_page_keeps_no_runs_and_opens_no_folder(studio: FakeStudio) -> None:
    options = launch_options(studio)
    assert (options["run_history"], options["show_error"], options["enable_monitoring"]) == (False, False, False)
    assert "allowed_paths" not in options


def test_gradio_writes_no_stub_into_the_source() -> None:
    assert list(Path(ui.__file__).parent.glob("*.pyi")) == []


def test_uploads_over_the_limit_are_refused(served: Served) -> None:
    files = {"files": ("x.png", b"0" * 21_000_000)}
    assert httpx.post(f"{served.url}/gradio_api/upload", files=files, timeout=PATIENCE).status_code == 413


def test_two_clients_never_share_a_session(served: Served) -> None:
    one, other = served.client(), served.client()
    assert isinstance(one, Client)
    assert one.session_hash != other.session_hash
