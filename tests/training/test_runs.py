"""The folder of all runs: what is listed, what is found by a name, and what is begun, stopped and resumed."""

import json
import os
import threading
from pathlib import Path

import psutil
import pytest

from animegen.errors import InvalidRequest, TrainingFailed
from animegen.training import runs as module
from animegen.training.run import read
from animegen.training.runs import Runs
from tests.ui.runs import RECIPE, make_run, training

Launched = list[tuple[Path, Path, tuple[str, ...]]]


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    make_run(tmp_path / "runs", "winter", "stopped", epoch=5)
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mika.yaml").write_text(RECIPE.format(name="mika"))
    return Runs(tmp_path / "runs", tmp_path / "recipes")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> Launched:
    """What would be started."""
    found: Launched = []

    def launch(recipe: Path, folder: Path, *options: str) -> int:
        found.append((recipe, folder, options))
        return 2**30

    monkeypatch.setattr(module, "launch", launch)
    return found


def test_a_folder_that_does_not_exist_has_no_runs_and_no_recipes(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "none", tmp_path / "nowhere")
    assert (runs.all(), runs.recipes()) == ([], {})


def test_a_recipe_whose_pictures_are_here_comes_first(runs: Runs) -> None:
    (runs.recipe_folder / "zoe.yaml").write_text("name: zoe\ndata: {folder: zoe}\n")
    (runs.recipe_folder / "broken.yaml").write_text("name: [")
    assert list(runs.recipes()) == ["broken", "mika", "zoe"]
    (runs.recipe_folder / "zoe").mkdir()
    assert list(runs.recipes()) == ["zoe", "broken", "mika"]


def test_the_newest_run_comes_first(runs: Runs) -> None:
    for age, name in enumerate(("old", "new")):
        os.utime(make_run(runs.folder, name, epoch=0) / "recipe.yaml", (age, age))
    assert [each.name for each in runs.all()] == ["winter", "new", "old"]


def test_what_is_no_run_is_not_listed(runs: Runs, tmp_path: Path) -> None:
    (runs.folder / "notes.txt").touch()
    (runs.folder / "empty").mkdir()
    (runs.folder / "outside").symlink_to(make_run(tmp_path / "elsewhere", "outside", epoch=0))
    (runs.folder / "circle").symlink_to(runs.folder / "circle")
    assert [each.name for each in runs.all()] == ["winter"]


@pytest.mark.parametrize(
    "name",
    [
        *("../elsewhere/outside", "outside", "/etc", "C:\\x", "winter/", "./winter", "winter\0", "", ".", "..", "*"),
        *("x" * 300, "😀", "\ud800", None, 7, ["winter"], {"path": "winter"}, True),
    ],
    ids=lambda name: repr(name)[:12],
)
def test_a_name_that_is_none_of_a_run_here_is_refused(runs: Runs, tmp_path: Path, name: object) -> None:
    (runs.folder / "outside").symlink_to(make_run(tmp_path / "elsewhere", "outside", "stopped", epoch=0))
    for act in (runs.find, runs.stop, runs.resume):
        with pytest.raises(InvalidRequest, match="There is no run"):
            act(name)
    with pytest.raises(InvalidRequest, match="There is no recipe"):
        runs.start(name)
    assert not (tmp_path / "elsewhere" / "outside" / "stop").exists()


def test_an_absolute_path_of_a_run_is_no_name_of_it(runs: Runs) -> None:
    with pytest.raises(InvalidRequest):
        runs.find(str(runs.folder / "winter"))


def test_a_start_makes_a_folder_of_the_recipes_name(runs: Runs, launched: Launched) -> None:
    assert runs.start("mika") == "mika"
    assert launched == [(runs.recipe_folder / "mika.yaml", runs.folder / "mika", ())]


def test_a_second_start_gets_a_folder_of_its_own(runs: Runs, launched: Launched) -> None:
    for name in ("mika", "mika-2"):
        make_run(runs.folder, name, epoch=0)
    assert runs.start("mika") == "mika-3"


def test_a_start_takes_the_folder_of_one_that_failed_before_it_began(runs: Runs, launched: Launched) -> None:
    assert [runs.start("mika"), runs.start("mika")] == ["mika", "mika"]


def test_a_second_start_leaves_the_folder_to_a_trainer_that_is_about_to_begin(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with training(runs.folder / "mika") as pid:
        monkeypatch.setattr(module, "launch", lambda *_: pid)
        assert [runs.start("mika"), runs.start("mika")] == ["mika", "mika-2"]


def test_a_start_leaves_a_folder_alone_that_holds_no_run(runs: Runs, launched: Launched) -> None:
    (runs.folder / "mika").mkdir()
    assert runs.start("mika") == "mika-2"


def test_a_run_is_listed_as_soon_as_it_is_started(runs: Runs, launched: Launched) -> None:
    runs.start("mika")
    assert json.loads((runs.folder / "mika" / "status.json").read_text())["state"] == "running"
    assert {each.name for each in runs.all()} == {"mika", "winter"}


def test_a_trainer_that_was_quicker_keeps_its_status(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def launch(recipe: Path, folder: Path, *options: str) -> int:
        (folder / "status.json").write_text('{"state": "failed", "message": "No pictures."}')
        return 2**30

    monkeypatch.setattr(module, "launch", launch)
    assert read(runs.folder / runs.start("mika")).message == "No pictures."


def test_a_recipe_by_a_link_that_leads_out_is_none(runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").touch()
    (runs.recipe_folder / "link.yaml").symlink_to(tmp_path / "other.yaml")
    assert list(runs.recipes()) == ["mika"]


def test_a_stop_is_a_file_that_the_trainer_finds(runs: Runs) -> None:
    folder = runs.folder / "winter"
    with training(folder) as pid:
        (folder / "status.json").write_text(json.dumps({"state": "running", "pid": pid}))
        runs.stop("winter")
        assert (folder / "stop").exists()
        assert runs.find("winter").state == "stopping"


def test_what_does_not_run_cannot_be_stopped(runs: Runs) -> None:
    with pytest.raises(InvalidRequest, match="The run 'winter' is not running"):
        runs.stop("winter")
    assert not (runs.folder / "winter" / "stop").exists()


def test_a_resume_goes_on_with_the_runs_own_recipe_and_without_the_old_request_to_stop(
    runs: Runs, launched: Launched
) -> None:
    folder = runs.folder / "winter"
    (folder / "stop").touch()
    runs.resume("winter")
    assert launched == [(folder / "recipe.yaml", folder, ("--resume", "auto"))]
    assert not (folder / "stop").exists()
    assert read(folder).status.step == 100


def test_a_run_that_runs_is_not_resumed_a_second_time(runs: Runs, launched: Launched) -> None:
    folder = runs.folder / "winter"
    with training(folder) as pid:
        (folder / "status.json").write_text(json.dumps({"state": "running", "pid": pid}))
        with pytest.raises(InvalidRequest, match="cannot be resumed"):
            runs.resume("winter")
    assert launched == []


def test_a_process_that_cannot_be_started_is_one_sentence_and_a_failed_run(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "launch", refuse)
    with pytest.raises(TrainingFailed, match=r"^The run 'winter' cannot be changed: No space left on device; "):
        runs.resume("winter")
    run = runs.find("winter")
    assert (run.state, run.status.step, run.message) == ("failed", 100, "No space left on device")


@pytest.mark.slow
def test_a_trainer_that_cannot_begin_leaves_its_sentence_and_no_zombie(runs: Runs) -> None:
    (runs.recipe_folder / "broken.yaml").write_text("name: [")
    run = runs.find(runs.start("broken"))
    assert run.state == "running"
    for thread in threading.enumerate():
        if thread.name == "trainer":
            thread.join()
    run = runs.find("broken")
    assert run.state in ("failed", "interrupted")
    assert run.message
    assert not psutil.pid_exists(run.status.pid)
