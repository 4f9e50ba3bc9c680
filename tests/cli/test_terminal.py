"""What the command line prints where, and what a broken output or Ctrl-C costs."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from animegen.cli import main


def left(words: Sequence[str], studio: object = None) -> int:
    """Run a command and return the code that it leaves with."""
    with pytest.raises(SystemExit) as leaving:
        main(words, open_studio=lambda: studio)
    return int(leaving.value.code or 0)


def on_windows(words: Sequence[str], studio: object = None) -> str:
    """Return what a command prints into a pipe on Windows, which has no Japanese."""
    written = BytesIO()
    with redirect_stdout(TextIOWrapper(written, encoding="cp1252", errors="strict")) as pipe:
        assert left(words, studio) == 0
        pipe.flush()
    return written.getvalue().decode("cp1252")


def test_a_letter_that_the_output_cannot_hold_is_replaced() -> None:
    printed = on_windows(["emotions"])
    assert "happy" in printed
    assert "???" in printed


def test_a_letter_that_the_output_cannot_hold_costs_no_picture(studio, tmp_path: Path) -> None:
    folder = tmp_path / "\u7d75"
    printed = on_windows(["text-to-image", "1girl", "--count", "3", "--out", str(folder)], studio)
    assert printed.count("seed ") == printed.count("?") == len(list(folder.iterdir())) == 3


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["text-to-image", "1girl", "--count", "3"], 3),
        (["expression-sheet", "1girl", "--emotions", "neutral,happy"], 2),
        (["emotion-path", "1girl", "--from", "sad", "--to", "happy", "--frames", "3", "--film", "gif"], 5),
    ],
    ids=["pictures", "sheet", "film"],
)
def test_an_output_whose_reader_has_gone_costs_no_picture(
    studio, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], files: int
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe, redirect_stdout(pipe):
        assert left([*words, "--out", str(tmp_path)], studio) == 0
    assert len(list(tmp_path.iterdir())) == files
    assert capsys.readouterr().err == "Nothing more can be printed (Broken pipe); pictures are still saved.\n"


@pytest.mark.parametrize("prompt", ["[cat:dog:0.5]", "[red]1girl[/red]", ":smile:", "[:heart:]"])
def test_a_prompt_is_shown_as_it_was_typed(say, studio, prompt: str) -> None:
    studio.family = "general"  # chibi leaves out what it does not know
    rows = [line.split() for line in say("prompt", prompt).out.splitlines()]
    assert ["character", prompt, "prompt"] in rows


# Ctrl-C


class Interrupt:
    """Presses Ctrl-C when a module is imported."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, name: str, *_: object) -> None:
        if name == self.name:
            raise KeyboardInterrupt


@pytest.mark.parametrize("name", ["animegen.cli.studio", "animegen.cli.terminal", "animegen.cli.verbs"])
def test_ctrl_c_while_the_verbs_are_imported_leaves_without_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupt(name), *sys.meta_path])
    assert left(["--help"]) == 130
    assert capsys.readouterr() == ("", "")


def test_ctrl_c_while_the_model_is_loaded_leaves_without_a_word(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    def interrupted() -> object:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as leaving:
        main(["text-to-image", "1girl", "--out", str(tmp_path)], open_studio=interrupted)
    assert leaving.value.code == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["typer", "animegen.tasks", "inspect", "tomllib", "animegen.cli.options"])
def test_a_real_ctrl_c_at_any_import_leaves_without_a_traceback(name: str) -> None:
    """The signal comes when the module is first looked for, which is always in the first half second."""
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # who starts the tests may ignore Ctrl-C
        "class Press:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {name!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Press())\n"
        "from animegen.cli import main\n"
        "main(['--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.slow
def test_python_m_animegen_is_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "animegen", "--help"], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("Usage: animegen ")
    assert "expression-sheet" in done.stdout
