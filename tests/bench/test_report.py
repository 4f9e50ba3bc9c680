import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from animegen.bench.machine import Machine
from animegen.bench.picture import PictureRow
from animegen.bench.report import Report, save, show
from animegen.bench.startup import StartupRow
from animegen.bench.timing import Comparison

MACHINE = Machine(
    name="Some CPU, 2 cores", threads=2, format="float32", torch="2", diffusers="0", load=0.1, ceiling_gflops=100.0
)
ROW = PictureRow(
    task="a picture", match="max |d| 1e-06", tflop=0.05, times=Comparison(plain=(2.0,) * 4, ours=(1.0,) * 4)
)
REPORT = Report(machine=MACHINE, picture=ROW, startup=StartupRow(page_seconds=4.2, picture_seconds=1.3))


def printed(report: Report) -> str:
    console = Console(width=250, record=True, file=StringIO())
    show(report, console)
    return console.export_text()


def test_a_quiet_machine_gets_its_ratio() -> None:
    assert "2.00x (2.00 to 2.00)" in printed(REPORT)


def test_half_of_the_machines_ceiling_is_said_so() -> None:
    assert "50%" in printed(REPORT)


def test_a_noisy_machine_gets_no_verdict() -> None:
    noisy = replace(ROW, times=Comparison(plain=(2.0, 3.0, 2.0, 3.0), ours=(1.0,) * 4))
    assert "no verdict" in printed(replace(REPORT, picture=noisy))
    assert "x (" not in printed(replace(REPORT, picture=noisy))


def test_times_of_outputs_that_differ_are_not_printed() -> None:
    text = printed(replace(REPORT, picture=replace(ROW, match=None)))
    assert "differ" in text
    assert "1.000 s" not in text


def test_what_was_not_run_is_said_so() -> None:
    assert "not run" in printed(replace(REPORT, startup=None))


def test_a_report_is_saved_under_the_machines_name(tmp_path: Path) -> None:
    file = save(REPORT, tmp_path / "results")
    assert file.name == "some-cpu-2-cores.json"
    record = json.loads(file.read_text())
    assert record["picture"]["ratio"] == 2.0
    assert record["startup"]["page_seconds"] == 4.2
