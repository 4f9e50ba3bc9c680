"""Kills: a training that is killed at any moment ends as one that never was."""

import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_five_kills_change_nothing() -> None:
    command = [sys.executable, "-m", "animegen", "selftest", "resume", "--kills", "5"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "5 of 5 kills, runs that ended otherwise: 0" in found.stdout
