"""The command line as a whole: help, exit codes, and errors without a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from animegen.cli import main
from animegen.errors import ModelUnavailable
from animegen.messages import message
from animegen.studio.protocol import StudioProtocol


def test_no_verb_shows_the_help_and_is_bad_usage(say) -> None:
    said = say()
    assert said.code == 2
    assert "text-to-image" in said.out + said.err


def test_a_verb_that_does_not_exist_is_bad_usage(say) -> None:
    assert say("text-to-picture").code == 2


@pytest.mark.parametrize(
    "words", [["--split", "train"], ["--count", "0"], ["--seed-from", "-1"], ["--negatives", "-1"]], ids=" ".join
)
def test_evaluate_refuses_what_it_cannot_measure(say, words: list[str]) -> None:
    assert say("evaluate", "chibi", *words).code == 2


def test_a_model_that_cannot_be_loaded_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    def broken() -> StudioProtocol:
        raise ModelUnavailable("models.weights_absent")

    with pytest.raises(SystemExit) as left:
        main(["text-to-image", "1girl", "--out", str(tmp_path)], open_studio=broken)
    assert left.value.code == 1
    assert capsys.readouterr().err == f"{message('models.weights_absent')}\n"


@pytest.mark.slow
def test_a_model_that_the_table_lacks_is_one_sentence_from_the_real_program(tmp_path) -> None:
    program = Path(sys.executable).with_name("animegen")
    command = [program, "text-to-image", "1girl", "--out", tmp_path]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={"ANIMEGEN_MODEL": "dragon"})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "ANIMEGEN_MODEL" in done.stderr
