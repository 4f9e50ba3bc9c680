"""What every evaluation has in common: who draws which seeds, who reads the pictures, and what its report is of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from PIL import Image

from animegen.chibi import judge
from animegen.chibi.character import Split
from animegen.chibi.judge import Judge
from animegen.errors import EvaluationFailed
from animegen.evaluation import provenance
from animegen.evaluation.metrics import Figure
from animegen.evaluation.report import COLUMNS, Report
from animegen.evaluation.run import Line, picture_path, run
from animegen.experiments import ledger
from animegen.models import loading, table
from animegen.studio import Studio
from animegen.tasks import Lora, Picture, Task

T = TypeVar("T")
Say = Callable[[str], None]
Named = Iterable[tuple[str, Figure]]

EMBEDDED: Final = "chibi"
"""The model that is evaluated where no other is named: its judge, detector and reports lie in the package."""
INSTRUMENTS: Final = ("judge", "broken", "style_judge")
"""The parts of its weights that read the pictures of any model."""
FIRST_SEED: Final[dict[Split, int]] = {"test": 0, "validation": 10_000}


def embedded_folder() -> Path:
    """Return the weights folder of the embedded model, where judge and detector lie too."""
    return loading.folder_of(table.rows()[EMBEDDED])


def load_judge() -> Judge:
    """Return the judge that comes with the embedded model; it reads pictures of any model."""
    return judge.load(embedded_folder() / judge.FILE)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """An evaluation: ``studio`` draws ``count`` seeds of a split with some ``loras``, ``judge`` reads the pictures.

    ``verb`` is the command's name, ``out`` the folder of the report. Seeds count up from ``seed_from``, 0 being where
    the split's own begin. ``commit`` is that of the code when the evaluation began. Raises EvaluationFailed when the
    ``ledger`` says that a report of another commit has used some of its test seeds, InvalidRequest or AdapterRefused
    when there is no such LoRA for the studio's model.
    """

    verb: str
    studio: Studio
    judge: Judge
    count: int
    split: Split
    out: Path
    say: Say
    loras: tuple[Lora, ...] = ()
    seed_from: int = 0
    preset: str = "balanced"
    commit: str = field(default_factory=provenance.commit)
    ledger: Path = ledger.LEDGER

    def __post_init__(self) -> None:
        if self.split == "test":
            ledger.check(self.seeds, self.commit, self.ledger)
        weighted = self.studio.offers.resolved(self.loras, self.studio.row.lora_base)
        object.__setattr__(self, "loras", weighted)

    @property
    def seeds(self) -> range:
        """The seeds that are drawn."""
        first = FIRST_SEED[self.split] + self.seed_from
        return range(first, first + self.count)

    @property
    def model(self) -> str:
        """The name of the model that draws."""
        return self.studio.row.name

    @property
    def embedded(self) -> bool:
        """Whether the embedded model is evaluated, and nothing but it: what its card is about."""
        return self.model == EMBEDDED and not self.loras

    def scope(self, what: str) -> str:
        """Return in words how many of ``what`` are drawn, for a title."""
        return f"{self.count} {self.split} {what}"

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Hashes of all that the figures depend on, by name: code, parts of the weights, judge and detector, LoRAs."""
        found = {"code": provenance.code(), **provenance.parts(loading.folder_of(self.studio.row))}
        if self.model != EMBEDDED:
            embedded = provenance.parts(embedded_folder())
            found |= {name: embedded[name] for name in INSTRUMENTS if name in embedded}
        return found | dict(self._lora_sources())

    def pictures(self, task: Task) -> tuple[Picture, ...]:
        """Draw a task with the LoRAs, or with its own where it names some, and return its pictures."""
        return self.studio.pictures(task if task.loras else replace(task, loras=self.loras))

    def picture(self, task: Task) -> Image.Image:
        """Draw a task of one picture with the LoRAs, and return it."""
        return self.pictures(task)[0].image

    def require_card(self) -> None:
        """Raise EvaluationFailed when its report does not belong into the card of the embedded model."""
        if not self.embedded:
            raise EvaluationFailed("experiments.not_of_the_card")
        provenance.require_commit(self.commit)

    def spend(self) -> None:
        """Enter its test seeds into the ledger: its report is read from now on."""
        if self.split == "test":
            ledger.spend(self.seeds, self.verb, self.commit, self.ledger)

    def lines(
        self, items: Mapping[str, T], *, what: str, every: int = 1, sample: Callable[[T], Image.Image],
        observe: Callable[[Image.Image], Mapping[str, Any]], kept: int,
    ) -> list[Line]:  # fmt: skip
        """Draw and observe the items, reporting progress each ``every`` items; ``what`` names them.

        Raises EvaluationFailed when ``out`` holds what other code or other weights drew or read.
        """
        found: list[Line] = []
        for line in run(items, sample=sample, observe=observe, folder=self.out, origin=self.sources, kept=kept):
            found.append(line)
            if len(found) % every == 0 or len(found) == len(items):
                self.say(f"{len(found)} of {len(items)} {what}")
        return found

    def drawings(self, lines: Sequence[Line]) -> list[Image.Image]:
        """Return the pictures of lines that were kept."""
        return [Image.open(picture_path(self.out, line.key)) for line in lines]

    def report(
        self, title: str, lines: Sequence[Line], figures: Named, *, prompts: Sequence[str],
        images: Sequence[Image.Image], columns: int = COLUMNS, **options: object,
    ) -> Report:  # fmt: skip
        """Write the report of what was observed, print it and return it; ``options`` are the verb's own."""
        result = Report(
            title=title,
            command=" ".join(["animegen evaluate", self.verb, *self._options(options)]),
            commit=self.commit,
            sources=self.sources,
            n=len(lines),
            seconds=round(sum(line.seconds for line in lines), 1),
            figures=dict(figures),
            prompts=tuple(prompts),
        )
        result.write(self.out, images, columns)
        self.say(result.markdown())
        return result

    def _options(self, own: Mapping[str, object]) -> Iterator[str]:
        """Yield the options of the command line that make this evaluation again."""
        if self.model != EMBEDDED:
            yield f"--model {self.model}"
        yield from (f"--lora {each}" for each in self.loras)
        shared = {"split": self.split, "count": self.count, "seed-from": self.seed_from, "preset": self.preset}
        yield from (f"--{name} {value}" for name, value in {**shared, **own}.items())

    def _lora_sources(self) -> Iterator[tuple[str, str]]:
        for lora in self.loras:
            offer = self.studio.offers.offer(lora.name, self.studio.row.lora_base)
            yield f"LoRA {lora}", provenance.hash_of(offer.path) if offer.path else offer.repository
