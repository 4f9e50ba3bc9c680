"""A report on disk: figures as JSON and as a markdown page with pictures, with what produced them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL.Image import Image

from animegen.evaluation.metrics import Figure
from animegen.pictures.files import sheet

SHEET = "sheet.webp"
COLUMNS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Figures by name, and the command, commit, number of samples and seconds behind them.

    ``sources`` are the hashes of all that they depend on, by name: the code, and each part of the weights.

    ``seconds`` are those of drawing and reading, of all parts of a run that was resumed. ``prompts`` are those of
    the pictures on the sheet.
    """

    title: str
    command: str
    commit: str
    sources: Mapping[str, str]
    n: int
    seconds: float
    figures: Mapping[str, Figure]
    prompts: tuple[str, ...] = ()

    def write(self, folder: Path, images: Sequence[Image] = (), columns: int = COLUMNS) -> None:
        """Write ``report.json`` and ``report.md`` to ``folder``, and the pictures of the prompts as ``sheet.webp``.

        A WebP holds 16,383 pixels across: pictures that are rows themselves go into one of the ``columns``.
        """
        (folder / "report.json").write_text(self.json(), encoding="utf-8")
        (folder / "report.md").write_text(self.markdown(), encoding="utf-8")
        if images:
            numbers = [str(number) for number in range(1, len(images) + 1)]
            sheet(images, columns, numbers).save(folder / SHEET, quality=85, method=6)

    def json(self) -> str:
        """Return the report as JSON, which ``read`` reads."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    def markdown(self) -> str:
        """Return the report as a markdown page, with the sheet and its prompts where there are any."""
        parts = [f"# {self.title}", "", *self.table(), "", self.origin(), ""]
        if self.prompts:
            parts += [f"![The first {len(self.prompts)} samples, unchosen]({SHEET})", ""]
            parts += ["| picture | prompt |", "|---|---|"]
            parts += [f"| {number} | {_cell(prompt)} |" for number, prompt in enumerate(self.prompts, 1)] + [""]
        return "\n".join(parts)

    def table(self) -> list[str]:
        """Return the figures as the lines of a markdown table."""
        rows = [
            f"| {name} | {figure.value:.3f} | {figure.low:.3f} - {figure.high:.3f} | {figure.n} |"
            for name, figure in self.figures.items()
        ]
        return ["| figure | value | 95 % interval | n |", "|---|---|---|---|", *rows]

    def origin(self) -> str:
        """Return in a line what the figures come from."""
        sources = ", ".join(f"{name} {value[:8]}" for name, value in self.sources.items())
        return f"`{self.command}`, commit {self.commit}, {self.seconds:.0f} s; {sources}."


def read(path: Path) -> Report:
    """Return the report of a ``report.json``."""
    data = json.loads(path.read_text(encoding="utf-8"))
    figures = {name: Figure(**figure) for name, figure in data["figures"].items()}
    return Report(**data | {"figures": figures, "prompts": tuple(data.get("prompts", ()))})


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
