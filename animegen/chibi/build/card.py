"""The card of the weights folder: every figure in it comes from the record of the build or a report."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from animegen.chibi.character import ACCESSORIES, VOCABULARY
from animegen.evaluation.report import Report

WEIGHTS: Final = Path(__file__).parents[1] / "weights"
STAGES: Final = {
    "unet": "unet",
    "vae": "autoencoder",
    "text_encoder": "text",
    "judge": "judge",
    "controlnet": "controlnet",
}
"""The stage of the build that trains each part; not every model has a ControlNet."""


def render(record: Mapping[str, Any], report: Report | None = None) -> str:
    """Return the card of a build as markdown, with what a report measured of the whole model if there is one."""
    machine = record["machine"]
    return (
        Path(__file__)
        .with_name("card.md")
        .read_text(encoding="utf-8")
        .format(
            parts=_parts(record),
            machine=f"{machine['device']} ({machine['processor']}, {machine['threads']} threads)",
            vocabulary=_table(("attribute", "words"), [*_words(VOCABULARY), ("accessories", _joined(ACCESSORIES))]),
            held_out=record["held_out_renders"],
            figures=_figures(record),
            evaluation=_evaluation(report) if report else "It is measured by `animegen evaluate chibi --card`.",
        )
    )


def renew(report: Report, folder: Path = WEIGHTS) -> Path:
    """Put a report beside the weights as ``report.json``, render the card with it, and return the card's path."""
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    (folder / "report.json").write_text(report.json(), encoding="utf-8")
    (folder / "README.md").write_text(render(record, report), encoding="utf-8")
    return folder / "README.md"


def _parts(record: Mapping[str, Any]) -> str:
    runs = {part: record["recipes"][stage] for part, stage in STAGES.items() if part in record["parameters"]}
    trained = {part: " + ".join(f"{one['steps']:,} x {one['batch_size']}" for one in runs[part]) for part in runs}
    rows = [(part, f"{record['parameters'][part]:,}", trained[part]) for part in runs]
    return _table(("part", "parameters", "trained for (steps x batch)"), rows)


def _figures(record: Mapping[str, Any]) -> str:
    columns = {
        "judge reads renders": record["judge_accuracy"],
        "judge reads reconstructions": record["judge_accuracy_on_reconstructions"],
        "text encoder reads captions": record["read_rightly"]["captions"],
        "text encoder reads prompts worded otherwise": record["read_rightly"]["prompts"],
    }
    rows = [(name, *(f"{read[name]:.1%}" for read in columns.values())) for name in record["judge_accuracy"]]
    head = ("attribute", *columns)
    psnr = f"The autoencoder's reconstructions have {record['autoencoder_psnr_db']:.2f} dB PSNR."
    return f"{_table(head, rows)}\n\n{psnr}"


def _evaluation(report: Report) -> str:
    return "\n".join([f"{report.title}, read by the judge:", "", *report.table(), "", report.origin()])


def _words(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(name.replace("_", " "), _joined(words)) for name, words in table.items()]


def _joined(words: tuple[str, ...]) -> str:
    return ", ".join(word.replace("_", " ") for word in words)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [" | ".join(cells) for cells in (head, *rows)]
    return "\n".join([f"| {lines[0]} |", "|" + "---|" * len(head), *(f"| {line} |" for line in lines[1:])])
