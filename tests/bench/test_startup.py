import time
from pathlib import Path

import pytest

from animegen.bench.startup import startup
from animegen.errors import EvaluationFailed


def test_without_an_app_there_is_nothing_to_time(tmp_path: Path) -> None:
    assert startup(tmp_path / "app.py") is None


def test_an_app_that_ends_before_its_page_answers_is_an_error(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text("")
    with pytest.raises(EvaluationFailed, match=r"python app\.py"):
        startup(app)


@pytest.mark.slow
def test_the_app_answers_and_draws_its_first_picture() -> None:
    start = time.perf_counter()
    row = startup()
    waited = time.perf_counter() - start
    assert row is not None
    assert row.page_seconds + row.picture_seconds == pytest.approx(waited, abs=10)  # the app ends within these
