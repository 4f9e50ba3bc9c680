"""A report on disk: figures as JSON and as a markdown table, with what produced them."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from animegen.evaluation.metrics import Figure


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Figures by name, and the command, commit, weights' hash, number of samples and seconds behind them."""

    title: str
    command: str
    commit: str
    weights: str
    n: int
    seconds: float
    figures: Mapping[str, Figure]

    def write(self, folder: Path) -> None:
        """Write ``report.json`` and ``report.md`` to ``folder``."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (folder / "report.json").write_text(text + "\n", encoding="utf-8")
        (folder / "report.md").write_text(self.markdown(), encoding="utf-8")

    def markdown(self) -> str:
        """Return the report as a markdown page."""
        rows = [
            f"| {name} | {figure.value:.3f} | {figure.low:.3f} - {figure.high:.3f} | {figure.n} |"
            for name, figure in self.figures.items()
        ]
        origin = f"`{self.command}`, commit {self.commit}, weights {self.weights[:12]}, {self.seconds:.0f} s."
        head = ["| figure | value | 95 % interval | n |", "|---|---|---|---|"]
        return "\n".join([f"# {self.title}", "", *head, *rows, "", origin, ""])


def commit() -> str:
    """Return the commit of the source this runs from, ``unknown`` outside a repository."""
    here = Path(__file__).parent
    call = ["git", "-C", str(here), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(call, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  # fixed words
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
