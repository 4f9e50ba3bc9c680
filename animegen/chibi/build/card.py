"""The card of the weights folder: every figure in it comes from the record of the build or from a report.

``python -m animegen.chibi.build.card`` renders the card again, and the figures of the README next to the package.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from animegen.chibi.build import record as records
from animegen.chibi.build.record import Record
from animegen.chibi.character import ACCESSORIES, VOCABULARY
from animegen.evaluation.report import Report, read
from animegen.lora_files.offers import OWN_FOLDER

_FIGURE: Final = re.compile(r"<!--([\w-]+): ([^>]+)-->[^<]*<!---->")
"""A figure in a page of markdown: the verb of its report, its name there, and the figure itself between marks."""
WEIGHTS: Final = Path(__file__).parents[1] / "weights"
STAGES: Final = {
    "unet": "unet",
    "vae": "autoencoder",
    "text_encoder": "text",
    "judge": "judge",
    "controlnet": "controlnet",
}
"""The stage of the build that trains each part; not every model has a ControlNet."""
REPORTS: Final = {
    "chibi": "How well it draws what it is asked for",
    "two-sample": "Whether its drawings can be told from its artist's",
    "broken": "How many of its drawings are broken",
    "memory": "Whether it knows pictures by heart",
    "samplers": "How well it draws with each sampler",
    "image-to-image": "How well a character keeps when its picture by the artist is drawn anew",
    "canny": "How well it draws along edges",
    "expression-sheet": "How well a character keeps through all emotions",
    "emotion-path": "How well it leads from one emotion to another",
    "intensity-path": "How well an emotion grows",
}
"""The verbs of ``animegen evaluate`` whose reports stand in the card, and what each measures."""


def render(record: Record, reports: Mapping[str, Report]) -> str:
    """Return the card of a build as markdown, with what the reports, named by their verbs, measured of it."""
    machine = record.machine
    return (
        Path(__file__)
        .with_name("card.md")
        .read_text(encoding="utf-8")
        .format(
            parts=_parts(record),
            machine=f"{machine.device} ({machine.processor}, {machine.threads} threads)",
            vocabulary=_table(("attribute", "words"), [*_words(VOCABULARY), ("accessories", _joined(ACCESSORIES))]),
            held_out=record.held_out_renders,
            figures=_figures(record),
            evaluations="\n\n".join(_evaluation(verb, reports.get(verb)) for verb in REPORTS),
        )
    )


def write(folder: Path) -> Path:
    """Render the card of a weights folder from the record and the reports that lie there, and return its path."""
    card = folder / "README.md"
    card.write_text(render(records.read(folder), known_reports(folder)), encoding="utf-8")
    return card


def known_reports(folder: Path = WEIGHTS) -> dict[str, Report]:
    """Return the reports of a weights folder, by their verbs."""
    paths = {verb: report_path(folder, verb) for verb in REPORTS}
    return {verb: read(path) for verb, path in paths.items() if path.exists()}


def lora_reports(folder: Path = OWN_FOLDER) -> dict[str, Report]:
    """Return the reports of the LoRAs that come with the source, by their names."""
    return {path.stem: read(path) for path in sorted((folder / "reports").glob("*.json"))}


def with_figures(page: str, reports: Mapping[str, Report]) -> str:
    """Return a page of markdown in which each marked figure is what its report measured, in whole percents.

    Raises KeyError for a figure that no report has.
    """

    def filled(mark: re.Match[str]) -> str:
        verb, name = mark.groups()
        return f"<!--{verb}: {name}-->{reports[verb].figures[name].value:.0%}<!---->"

    return _FIGURE.sub(filled, page)


def add(verb: str, report: Report, folder: Path = WEIGHTS) -> Path:
    """Put the report of a verb into a weights folder, render the card with it, and return the card's path."""
    path = report_path(folder, verb)
    path.parent.mkdir(exist_ok=True)
    path.write_text(report.json(), encoding="utf-8")
    return write(folder)


def report_path(folder: Path, verb: str) -> Path:
    """Return where the report of a verb lies in a weights folder, if there is one."""
    return folder / "reports" / f"{verb}.json"


def _parts(record: Record) -> str:
    runs = {part: record.recipes[stage] for part, stage in STAGES.items() if part in record.parameters}
    rows = [
        (part, f"{record.parameters[part]:,}", " + ".join(f"{run.steps:,} x {run.batch_size}" for run in made))
        for part, made in runs.items()
    ]
    return _table(("part", "parameters", "trained for (steps x batch)"), rows)


def _figures(record: Record) -> str:
    columns = {
        "judge reads renders": record.judge_accuracy,
        "judge reads reconstructions": record.judge_accuracy_on_reconstructions,
        "text encoder reads captions": record.read_rightly.captions,
        "text encoder reads prompts worded otherwise": record.read_rightly.prompts,
    }
    rows = [(name, *(f"{read[name]:.1%}" for read in columns.values())) for name in record.judge_accuracy]
    psnr = f"The autoencoder's reconstructions have {record.autoencoder_psnr_db:.2f} dB PSNR."
    return f"{_table(('attribute', *columns), rows)}\n\n{psnr}"


def _evaluation(verb: str, report: Report | None) -> str:
    text = f"It is measured by `animegen evaluate {verb} --card`."
    if report:
        text = "\n".join([f"{report.title}, read by the judge:", "", *report.table(), "", report.origin()])
    return f"## {REPORTS[verb]}\n\n{text}"


def _words(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(name.replace("_", " "), _joined(words)) for name, words in table.items()]


def _joined(words: tuple[str, ...]) -> str:
    return ", ".join(word.replace("_", " ") for word in words)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [" | ".join(cells) for cells in (head, *rows)]
    return "\n".join([f"| {lines[0]} |", "|" + "---|" * len(head), *(f"| {line} |" for line in lines[1:])])


def main() -> None:
    """Render the card again, and the figures of the README."""
    readme = WEIGHTS.parents[2] / "README.md"
    reports = known_reports() | lora_reports()
    readme.write_text(with_figures(readme.read_text(encoding="utf-8"), reports), encoding="utf-8")
    write(WEIGHTS)


if __name__ == "__main__":
    main()
