"""Random requests over all endpoints of the page find no failure of the server, in its answers or in its log."""

import pytest

from tests.ui.conftest import Served
from tests.ui.random_requests import failures


@pytest.mark.parametrize("count", [60, pytest.param(1_000, marks=[pytest.mark.slow, pytest.mark.timeout(1_800)])])
def test_random_requests_are_answered_without_a_failure_and_leave_no_traceback(
    served: Served, count: int, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert failures(served.url, count, seed=1) == []
    assert "Traceback" not in "".join(capfd.readouterr()) + caplog.text
