"""The disk: previews go with their drawing, and uploads and pictures stay within a quota."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import gradio as gr
import pytest
from gradio_client import Client
from PIL import Image

from animegen.ui import disk
from tests.ui.conftest import Served

SOON, LATER = 0.0, disk.STAY + 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def page(folder: Path) -> gr.Blocks:
    return gr.Blocks(analytics_enabled=False)


def previews(folder: Path) -> list[Path]:
    return [*folder.rglob("*.png")]


def tidy(page: gr.Blocks, seconds: float) -> None:
    """Tidy as if so many seconds had gone by."""
    disk.tidy(page, time.time() + seconds)


def test_previews_stay_while_their_drawing_goes_on_and_go_soon_after_it(folder: Path, page: gr.Blocks) -> None:
    with disk.previews() as save:
        shown = [save(Image.new("RGB", (16, 16), colour)) for colour in ("red", "blue")]
        tidy(page, LATER)
        assert sorted(map(str, previews(folder))) == sorted(shown)
    tidy(page, SOON)
    assert len(previews(folder)) == 2
    tidy(page, LATER)
    assert [*folder.rglob("previews/*")] == []


def test_a_folder_that_another_process_removes_meanwhile_is_no_fault(
    page: gr.Blocks, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with disk.previews() as save:
        save(Image.new("RGB", (8, 8)))

    def twice(path: Path) -> None:
        rmtree(path)
        rmtree(path)

    monkeypatch.setattr(disk, "rmtree", twice)
    tidy(page, LATER)
    assert previews(folder) == []


def test_a_drawing_that_is_stopped_or_fails_leaves_no_previews_either(folder: Path, page: gr.Blocks) -> None:
    def drawing() -> Iterator[str]:
        with disk.previews() as save:
            yield save(Image.new("RGB", (16, 16)))

    going = drawing()
    next(going)
    going.close()  # type: ignore[attr-defined]
    tidy(page, LATER)
    assert previews(folder) == []


def test_a_drawing_without_previews_makes_no_folder(folder: Path) -> None:
    with disk.previews():
        pass
    assert [*folder.iterdir()] == []


def test_the_oldest_files_beyond_the_quota_go_first(
    folder: Path, page: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "QUOTA", 250)
    names = [folder / f"{at}.png" for at in range(4)]
    for at, path in enumerate(names):
        path.write_bytes(b"0" * 100)
        os.utime(path, (at, at))
    page.temp_file_sets = [{str(path) for path in names[::2]}, {str(path) for path in names[1:]}]
    (stranger := folder / "of another program").write_bytes(b"0" * 1000)
    tidy(page, SOON)
    assert [path.exists() for path in names] == [False, False, True, True]
    assert stranger.exists()
    tidy(page, SOON)
    assert set().union(*page.temp_file_sets) == {str(names[2]), str(names[3])}


def test_what_the_page_itself_shows_stays_however_full_it_is(
    folder: Path, page: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "QUOTA", 0)
    names = [folder / "picker.png", folder / "drawing.png"]
    for path in names:
        path.write_bytes(b"0" * 100)
    with page:
        gr.Image().keep_in_cache.add(str(names[0]))
    page.temp_file_sets = [set(map(str, names))]
    tidy(page, SOON)
    assert [path.exists() for path in names] == [True, False]


def test_within_the_quota_nothing_goes(folder: Path, page: gr.Blocks) -> None:
    (folder / "a.png").write_bytes(b"0" * 100)
    page.temp_file_sets = [{str(folder / "a.png")}]
    tidy(page, 1e6)
    assert (folder / "a.png").exists()


def test_of_a_drawing_over_http_the_finished_pictures_alone_stay(served: Served, client: Client) -> None:
    def files() -> set[Path]:
        return {path for path in Path(served.page.app.uploaded_file_dir).rglob("*") if path.is_file()}

    tidy(served.page, LATER)
    before = files()
    client.predict(prompt="1girl", steps=5, count=2, seed=77_001, api_name="/text_to_image")
    assert len(files() - before) > 2
    tidy(served.page, LATER)
    names = [path.suffix for path in files() - before]
    assert names == [".png"] * 2
