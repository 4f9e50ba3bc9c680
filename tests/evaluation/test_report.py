"""A report on disk: all its figures, where they come from, and pictures."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.evaluation import report
from animegen.evaluation.metrics import share
from animegen.evaluation.report import Report

REPORT = Report(
    title="Ten pictures",
    command="animegen evaluate chibi --count 10",
    commit="abc",
    sources={"code": "fedcba9876543210", "unet": "0123456789abcdef"},
    n=10,
    seconds=12.3,
    figures={"emotion": share(8, 10), "outfit": share(0, 0)},
    prompts=("a girl | smiling", "a boy"),
)


def test_the_json_holds_each_figure_with_n_and_interval(tmp_path: Path) -> None:
    REPORT.write(tmp_path)
    read = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert read["figures"]["emotion"]["value"] == 0.8
    assert read["figures"]["emotion"]["n"] == 10
    assert read["figures"]["emotion"]["low"] < 0.8 < read["figures"]["emotion"]["high"]


@pytest.mark.parametrize("field", ["command", "commit", "sources", "n", "seconds"])
def test_the_json_says_what_produced_it(tmp_path: Path, field: str) -> None:
    REPORT.write(tmp_path)
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))[field] == getattr(REPORT, field)


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    REPORT.write(tmp_path)
    assert report.read(tmp_path / "report.json") == REPORT


def test_the_page_says_which_command_commit_code_and_weights_made_it(tmp_path: Path) -> None:
    REPORT.write(tmp_path)
    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    for origin in (REPORT.command, "commit abc", "code fedcba98", "unet 01234567", "12 s"):
        assert origin in page


def test_a_figure_of_nothing_shows_its_n() -> None:
    assert "| outfit | 0.000 | 0.000 - 1.000 | 0 |" in REPORT.markdown()


def test_the_pictures_stand_on_a_sheet_as_wide_as_eight(tmp_path: Path) -> None:
    REPORT.write(tmp_path, [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")])
    with Image.open(tmp_path / "sheet.webp") as sheet:
        assert sheet.width == 8 * 32


def test_eight_rows_of_nine_pictures_fit_onto_a_sheet(tmp_path: Path) -> None:
    REPORT.write(tmp_path, [Image.new("RGB", (9 * 256, 256), "red")] * 8, columns=1)
    with Image.open(tmp_path / "sheet.webp") as sheet:
        assert sheet.width == 9 * 256


def test_a_prompt_stands_below_the_sheet_in_one_cell() -> None:
    assert r"| 1 | a girl \| smiling |" in REPORT.markdown()


def test_a_report_without_pictures_points_to_none(tmp_path: Path) -> None:
    bare = replace(REPORT, prompts=())
    bare.write(tmp_path)
    assert "sheet" not in bare.markdown()
    assert not (tmp_path / "sheet.webp").exists()
