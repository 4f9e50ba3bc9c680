"""The environment: what cannot be used is one sentence that names the variable."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from animegen.errors import InvalidSettings
from animegen.settings import check_temporary_folder, settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


BAD = {
    "ANIMEGEN_PUBLIC": ("perhaps", "Invalid settings: ANIMEGEN_PUBLIC='perhaps' (must be true or false)."),
    "ANIMEGEN_LOW_MEMORY": ("2.5", "Invalid settings: ANIMEGEN_LOW_MEMORY='2.5' (must be true or false)."),
    "SPACES_ZERO_GPU": ("much", "Invalid settings: SPACES_ZERO_GPU='much' (must be true or false)."),
    "ANIMEGEN_LORAS": (
        str(ROOT / "app.py"),
        f"Invalid settings: ANIMEGEN_LORAS='{ROOT / 'app.py'}' (must be an existing folder).",
    ),
}


@pytest.mark.parametrize(("name", "value", "sentence"), [(name, *bad) for name, bad in BAD.items()], ids=BAD)
def test_a_value_that_cannot_be_is_one_sentence_that_names_the_variable(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings) as refused:
        settings()
    assert str(refused.value) == sentence


@pytest.mark.parametrize("name", BAD)
def test_an_empty_variable_is_an_unset_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = settings()
    settings.cache_clear()
    monkeypatch.setenv(name, "")
    assert settings() == plain


@pytest.mark.parametrize(
    ("name", "value"),
    [("ANIMEGEN_PUBLIC", "1"), ("SPACE_ID", "me/space"), ("GRADIO_SHARE", "True"), ("SPACES_ZERO_GPU", "true")],
)
def test_runs_are_shown_on_ones_own_machine_alone(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().own_runs == Path("runs")
    settings.cache_clear()
    monkeypatch.setenv(name, value)
    assert settings().own_runs is None


def test_a_temporary_folder_that_takes_files_is_left_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "new"))
    check_temporary_folder()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_temporary_folder_that_takes_none_is_told_with_its_variable(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "file" / "below"))
    with pytest.raises(InvalidSettings) as refused:
        check_temporary_folder()
    assert str(refused.value) == (
        f"Cannot write to {tmp_path}/file/below: Not a directory; set GRADIO_TEMP_DIR to a writable folder."
    )


def test_the_temporary_folder_of_another_user_is_told_with_its_variable(tmp_path: Path, monkeypatch) -> None:
    """A test may run as root, whom every folder obeys, so the disk itself refuses."""

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("animegen.settings.TemporaryFile", refuse)
    monkeypatch.setattr("animegen.settings.gettempdir", lambda: str(tmp_path))
    monkeypatch.delenv("GRADIO_TEMP_DIR", raising=False)
    with pytest.raises(InvalidSettings, match=rf"^Cannot write to {tmp_path}/gradio: Permission denied; "):
        check_temporary_folder()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"), [("ANIMEGEN_PUBLIC", "perhaps"), ("ANIMEGEN_MODEL", "dragon"), ("GRADIO_TEMP_DIR", "app.py/x")]
)
def test_the_page_does_not_start_and_says_why_in_one_sentence(name: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | {name: value},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert name in done.stderr
