"""What every evaluation of chibi has in common: whose seeds are drawn, who reads them, and what its report is of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from PIL import Image

from animegen.chibi import judge
from animegen.chibi.character import Split
from animegen.evaluation import provenance
from animegen.evaluation.metrics import Figure
from animegen.evaluation.report import COLUMNS, Report
from animegen.evaluation.run import Line, picture_path, run
from animegen.experiments import ledger
from animegen.models import loading, table
from animegen.settings import Settings
from animegen.studio import Studio

T = TypeVar("T")
Say = Callable[[str], None]
Named = Iterable[tuple[str, Figure]]

FIRST_SEED: Final[dict[Split, int]] = {"test": 0, "validation": 10_000}


@dataclass(frozen=True, slots=True)
class Chibi:
    """The embedded model at work: its studio, its judge, and hashes of all that its figures depend on."""

    studio: Studio
    judge: judge.Judge
    folder: Path
    sources: Mapping[str, str]

    @classmethod
    def here(cls) -> "Chibi":
        """Return chibi as it lies in the package."""
        folder = loading.folder_of(table.rows()["chibi"])
        studio, reader = Studio.load(Settings(model="chibi")), judge.load(folder / "judge.safetensors")
        return cls(studio, reader, folder, {"code": provenance.code(), **provenance.parts(folder)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """An evaluation as it is asked for: ``count`` seeds of a split, drawn with a preset, and a report in ``out``.

    ``verb`` is what the command line calls it. Seeds count up from ``seed_from``, 0 being where the split's own begin.
    ``source`` is the commit of the code that it began with. Raises EvaluationFailed when the ``ledger`` says that a
    report of another commit has used some of its test seeds.
    """

    verb: str
    count: int
    split: Split
    out: Path
    say: Say
    seed_from: int = 0
    preset: str = "balanced"
    source: str = field(default_factory=provenance.commit)
    ledger: Path = ledger.LEDGER

    def __post_init__(self) -> None:
        if self.split == "test":
            ledger.check(self.seeds, self.source, self.ledger)

    @property
    def seeds(self) -> range:
        """The seeds that are drawn."""
        first = FIRST_SEED[self.split] + self.seed_from
        return range(first, first + self.count)

    def spend(self) -> None:
        """Enter its test seeds into the ledger: its report is read from now on."""
        if self.split == "test":
            ledger.spend(self.seeds, self.verb, self.source, self.ledger)

    def lines(
        self, items: Mapping[str, T], *, what: str, every: int = 1, sample: Callable[[T], Image.Image],
        observe: Callable[[Image.Image], Mapping[str, Any]], model: Chibi, kept: int,
    ) -> list[Line]:  # fmt: skip
        """Draw and observe the items, saying after ``every`` so many how far it is; ``what`` names them.

        Raises EvaluationFailed when ``out`` holds what other code or other weights drew or read.
        """
        found: list[Line] = []
        for line in run(items, sample=sample, observe=observe, folder=self.out, origin=model.sources, kept=kept):
            found.append(line)
            if len(found) % every == 0 or len(found) == len(items):
                self.say(f"{len(found)} of {len(items)} {what}")
        return found

    def drawings(self, lines: Sequence[Line]) -> list[Image.Image]:
        """Return the pictures of lines that were kept."""
        return [Image.open(picture_path(self.out, line.key)) for line in lines]

    def report(
        self, title: str, lines: Sequence[Line], figures: Named, *, model: Chibi, prompts: Sequence[str],
        images: Sequence[Image.Image], columns: int = COLUMNS, **options: object,
    ) -> Report:  # fmt: skip
        """Write the report of what was observed, say it and return it; ``options`` are the verb's own."""
        shared = {"split": self.split, "count": self.count, "seed-from": self.seed_from, "preset": self.preset}
        said = " ".join(f"--{name} {value}" for name, value in (shared | options).items())
        result = Report(
            title=title,
            command=f"animegen evaluate {self.verb} {said}",
            commit=self.source,
            sources=model.sources,
            n=len(lines),
            seconds=round(sum(line.seconds for line in lines), 1),
            figures=dict(figures),
            prompts=tuple(prompts),
        )
        result.write(self.out, images, columns)
        self.say(result.markdown())
        return result
