import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from animegen.bench.machine import Machine
from animegen.bench.memory import MemoryRow, Taken
from animegen.bench.report import Report, save, show
from animegen.bench.speed import SpeedRow
from animegen.bench.startup import StartupRow
from animegen.bench.timing import Comparison

MACHINE = Machine(
    name="Some CPU, 2 cores", threads=2, format="float32", torch="2", diffusers="0", load=0.1, ceiling_gflops=100.0
)
ROW = SpeedRow(
    figure="B1",
    task="a picture",
    match="max |d| 1e-06",
    plain_tflop=0.07,
    our_tflop=0.05,
    times=Comparison(plain=(2.0,) * 4, ours=(1.0,) * 4),
)
MEMORY = MemoryRow(
    task="all tasks", plain=Taken(weights=4 * 10**9, peak=None), ours=Taken(weights=10**9, peak=2 * 10**9)
)
REPORT = Report(machine=MACHINE, speed=(ROW,), memory=MEMORY, startup=StartupRow(page_seconds=4.2, picture_seconds=1.3))


def printed(report: Report) -> str:
    console = Console(width=80, record=True, file=StringIO())
    show(report, console)
    return console.export_text()


def test_a_narrow_terminal_shows_every_table_whole() -> None:
    long = "emotion path of 8 frames, 512x512, 20 steps DPM++ 2M, guidance, 30% of the steps shared"
    text = printed(replace(REPORT, speed=(replace(ROW, task=long, match="lossy: PSNR 30.0 dB, SSIM 0.950"),)))
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_quiet_machine_gets_its_ratio() -> None:
    assert "2.00x (2.00 to 2.00)" in printed(REPORT)


def test_what_the_studio_used_of_the_machines_ceiling_is_said() -> None:
    assert "50%" in printed(REPORT)


def test_a_noisy_machine_gets_no_verdict() -> None:
    noisy = replace(ROW, times=Comparison(plain=(2.0, 3.0, 2.0, 3.0), ours=(1.0,) * 4))
    assert "no verdict" in printed(replace(REPORT, speed=(noisy,)))
    assert "x (" not in printed(replace(REPORT, speed=(noisy,)))


def test_times_of_outputs_that_differ_are_not_printed() -> None:
    text = printed(replace(REPORT, speed=(replace(ROW, match=None),)))
    assert "differ" in text
    assert "1.000" not in text


def test_figures_that_were_not_run_are_not_printed() -> None:
    text = printed(replace(REPORT, memory=None, startup=None))
    assert "B1" in text
    assert "B7" not in text
    assert "python app.py" not in text
    assert "B1" not in printed(replace(REPORT, speed=()))


def test_memory_is_told_as_a_share_of_what_separate_pipelines_take() -> None:
    assert "25.0%" in printed(REPORT)


def test_a_peak_that_the_system_does_not_tell_is_not_known() -> None:
    assert "not known" in printed(REPORT)


def test_a_report_is_saved_under_the_machines_name(tmp_path: Path) -> None:
    file = save(REPORT, tmp_path / "results")
    assert file.name == "some-cpu-2-cores.json"
    record = json.loads(file.read_text())
    assert record["speed"][0]["ratio"] == 2.0
    assert record["memory"]["ours"]["weights"] == 10**9
    assert record["startup"]["page_seconds"] == 4.2
