"""`animegen train`: its options reach the session, and its exit code says how the run ended."""

from pathlib import Path
from typing import Any

import pytest

from animegen.experiments import training

RECIPE = "name: mika\ndata: {folder: pictures}\n"


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Sessions that were run, which end as `finished` says; the recipe lies in the working folder."""
    made: list[Any] = []

    class Session:
        finished = True

        def __init__(self, **given: Any) -> None:
            self.given = given
            made.append(self)

        def run(self, resume: Any) -> bool:
            self.resume = resume
            return self.finished

    monkeypatch.setattr(training, "Session", Session)
    monkeypatch.chdir(tmp_path)
    Path("mika.yaml").write_text(RECIPE, encoding="utf-8")
    return made


def test_a_run_goes_to_its_own_folder(sessions: list[Any], say: Any) -> None:
    assert say("train", "mika.yaml").code == 0
    assert sessions[0].given["folder"].path == Path("runs/mika")
    assert sessions[0].resume is None


def test_changes_and_the_checkpoint_are_handed_on(sessions: list[Any], say: Any) -> None:
    change = ("--set", "adapter.rank=8", "--set", "optimizer.learning_rate=5e-4")
    assert say("train", "mika.yaml", *change, "--out", "here", "--resume", "auto").code == 0
    given = sessions[0].given
    assert (given["recipe"].adapter.rank, given["recipe"].optimizer.learning_rate) == (8, 5e-4)
    assert (given["folder"].path, sessions[0].resume) == (Path("here"), "auto")


def test_a_run_that_was_stopped_says_how_to_go_on(sessions: list[Any], say: Any, monkeypatch) -> None:
    monkeypatch.setattr(training.Session, "finished", False)
    found = say("train", "mika.yaml")
    assert found.code == 3
    assert "--resume auto" in found.out


def test_a_wrong_recipe_is_one_sentence(sessions: list[Any], say: Any) -> None:
    found = say("train", "mika.yaml", "--set", "adapter.ranks=8")
    assert found.code == 1
    assert "adapter.ranks" in found.err
    assert sessions == []
