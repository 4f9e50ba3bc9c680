"""The ledger of test seeds: a range that a report has used is spent, and no later choice is measured on it.

Who has seen figures on some seeds and then changes the code has chosen on them, whatever the split is called.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from animegen.errors import EvaluationFailed
from animegen.evaluation.provenance import PACKAGE

LEDGER: Final = PACKAGE / "chibi" / "weights" / "reports" / "seeds.json"


@dataclass(frozen=True, slots=True)
class Spent:
    """Test seeds from ``first`` to ``last`` that a report of a commit has used, and which verb's it was."""

    verb: str
    first: int
    last: int
    commit: str


def entries(ledger: Path = LEDGER) -> list[Spent]:
    """Return all that is spent, in the order in which it was."""
    return [Spent(**entry) for entry in json.loads(ledger.read_bytes())] if ledger.exists() else []


def check(seeds: range, commit: str, ledger: Path = LEDGER) -> None:
    """Raise EvaluationFailed when a report of another commit has used some of these test seeds."""
    known = entries(ledger)
    if used := [each for each in known if each.commit != commit and _overlap(each, seeds)]:
        raise EvaluationFailed(
            "experiments.seeds_used",
            first=used[0].first, last=used[0].last, commit=used[0].commit, free=_first_free(known),
        )  # fmt: skip


def spend(seeds: range, verb: str, commit: str, ledger: Path = LEDGER) -> None:
    """Enter the seeds of a report."""
    entry = Spent(verb, seeds[0], seeds[-1], commit)
    kept = [each for each in entries(ledger) if each != entry]
    lines = ",\n".join(f"  {json.dumps(asdict(each))}" for each in [*kept, entry])
    ledger.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _overlap(entry: Spent, seeds: range) -> bool:
    return entry.first <= seeds[-1] and seeds[0] <= entry.last


def _first_free(known: Iterable[Spent]) -> int:
    return 1 + max(each.last for each in known)
