"""What a report rests on: code that draws or reads, weights, and a commit that can be checked out again."""

import subprocess
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from animegen.errors import EvaluationFailed
from animegen.evaluation.provenance import APART, PACKAGE, code, commit, parts, require_commit


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a committed package with a pipeline, a page and a card."""
    for name in ("pipelines/drawing.py", "prompts/emotions.toml", "ui/page.py", "chibi/weights/README.md",
                 "messages/ui.toml",
                 "chibi/build/export.py", "chibi/judge.py"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("first\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "--message", "First")
    return tmp_path


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", folder, *words], check=True)


@pytest.mark.parametrize(
    ("changed", "other"), [("pipelines/drawing.py", True), ("prompts/emotions.toml", True), ("ui/page.py", False),
     ("messages/ui.toml", False),
     ("chibi/build/export.py", False), ("chibi/judge.py", True)],
)  # fmt: skip
def test_the_hash_of_the_code_is_of_what_draws_and_reads(package: Path, changed: str, other: bool) -> None:
    before = code(package)
    (package / changed).write_text("second\n")
    assert (code(package) != before) == other


def test_every_folder_that_is_left_apart_is_there() -> None:
    assert [folder for folder in APART if not (PACKAGE / folder).is_dir()] == []


def test_a_file_that_moves_is_other_code(package: Path) -> None:
    before = code(package)
    (package / "pipelines" / "drawing.py").rename(package / "pipelines" / "painting.py")
    assert code(package) != before


def test_the_package_itself_is_hashed() -> None:
    assert code() == code(PACKAGE)


def test_each_part_of_the_weights_has_a_hash_of_its_own(tmp_path: Path) -> None:
    import numpy as np

    (tmp_path / "unet").mkdir()
    for name, value in (("unet/a", 1), ("unet/b", 2), ("judge", 3)):
        save_file({"weight": np.full(2, value, np.float32)}, tmp_path / f"{name}.safetensors")
    before = parts(tmp_path)
    assert before.keys() == {"unet", "judge"}
    save_file({"weight": np.zeros(2, np.float32)}, tmp_path / "unet" / "b.safetensors")
    after = parts(tmp_path)
    assert (after["unet"] != before["unet"], after["judge"] == before["judge"]) == (True, True)


def test_a_commit_is_named_by_twelve_letters(package: Path) -> None:
    assert len(commit(package)) == 12


@pytest.mark.parametrize("changed", ["pipelines/drawing.py", "ui/page.py", "pipelines/new.py"])
def test_what_is_not_committed_makes_the_commit_dirty(package: Path, changed: str) -> None:
    (package / changed).write_text("second\n")
    assert commit(package).endswith("-dirty")


def test_a_card_that_was_just_written_leaves_the_commit_clean(package: Path) -> None:
    (package / "chibi" / "weights" / "README.md").write_text("second\n")
    (package / "chibi" / "weights" / "reports").mkdir()
    (package / "chibi" / "weights" / "reports" / "chibi.json").write_text("{}")
    assert not commit(package).endswith("-dirty")


def test_outside_a_repository_no_commit_is_known(tmp_path: Path) -> None:
    assert commit(tmp_path / "nowhere") == "unknown"


@pytest.mark.parametrize("name", ["unknown", "0123456789ab-dirty"])
def test_the_card_takes_no_report_of_code_that_nobody_can_check_out(name: str) -> None:
    with pytest.raises(EvaluationFailed, match="commit what has changed"):
        require_commit(name)


def test_the_card_takes_reports_of_a_commit() -> None:
    require_commit("0123456789ab")
