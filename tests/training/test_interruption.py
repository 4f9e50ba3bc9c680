"""What stops a run: a signal, a file, the end of its time."""

import os
import signal
from pathlib import Path

import pytest

from animegen.training.interruption import STOP_FILE, Interruption


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_a_wish_and_ends_nothing_at_once(tmp_path: Path, number: signal.Signals) -> None:
    interruption = Interruption(tmp_path, None)
    with interruption.listening():
        assert not interruption.requested()
        os.kill(os.getpid(), number)
        assert interruption.requested()


def test_a_second_ctrl_c_acts_at_once(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the tests' own process does
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with Interruption(tmp_path, None).listening():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_handlers_are_put_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interruption(tmp_path, None).listening():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_file_stops_the_run_and_is_gone_afterwards(tmp_path: Path) -> None:
    interruption = Interruption(tmp_path, None)
    with interruption.listening():
        (tmp_path / STOP_FILE).touch()
        assert interruption.requested()
    assert not (tmp_path / STOP_FILE).exists()


def test_a_run_stops_before_a_step_that_would_end_too_late(tmp_path: Path) -> None:
    interruption = Interruption(tmp_path, seconds=3600)
    assert not interruption.requested(seconds_a_step=1)
    assert interruption.requested(seconds_a_step=4000)
