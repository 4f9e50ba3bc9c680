"""A report on disk: all its figures, and where they come from."""

import json
from pathlib import Path

from animegen.evaluation.metrics import share
from animegen.evaluation.report import Report

REPORT = Report(
    title="Ten pictures",
    command="animegen evaluate chibi --count 10",
    commit="abc",
    weights="0123456789abcdef",
    n=10,
    seconds=12.3,
    figures={"emotion": share(8, 10), "outfit": share(0, 0)},
)


def test_the_json_holds_each_figure_with_n_and_interval(tmp_path: Path) -> None:
    REPORT.write(tmp_path)
    read = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert read["figures"]["emotion"]["value"] == 0.8
    assert read["figures"]["emotion"]["n"] == 10
    assert read["figures"]["emotion"]["low"] < 0.8 < read["figures"]["emotion"]["high"]


def test_the_page_says_which_command_commit_and_weights_made_it(tmp_path: Path) -> None:
    REPORT.write(tmp_path)
    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    for origin in (REPORT.command, "commit abc", "0123456789ab", "12 s"):
        assert origin in page


def test_a_figure_of_nothing_shows_its_n() -> None:
    assert "| outfit | 0.000 | 0.000 - 1.000 | 0 |" in REPORT.markdown()
