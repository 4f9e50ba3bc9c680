"""The ledger of test seeds: what a report has used is not drawn again by other code."""

from pathlib import Path

import pytest

from animegen.chibi.character import Split
from animegen.errors import EvaluationFailed
from animegen.experiments import ledger
from animegen.experiments.trial import Trial
from tests.experiments.asking import Painter, silent_trial


@pytest.fixture
def spent(tmp_path: Path) -> Path:
    path = tmp_path / "seeds.json"
    ledger.spend(range(100, 200), "chibi", "aaa", path)
    return path


@pytest.mark.parametrize("seeds", [range(100, 200), range(101), range(199, 300), range(150, 151), range(900)])
def test_seeds_that_another_commit_has_reported_are_refused(spent: Path, seeds: range) -> None:
    with pytest.raises(EvaluationFailed, match="at commit aaa already; continue with --seed-from 200"):
        ledger.check(seeds, "bbb", spent)


@pytest.mark.parametrize("seeds", [range(100), range(200, 300)])
def test_seeds_beside_them_are_free(spent: Path, seeds: range) -> None:
    ledger.check(seeds, "bbb", spent)


def test_the_same_commit_may_report_other_things_of_the_same_seeds(spent: Path) -> None:
    ledger.check(range(100, 200), "aaa", spent)


def test_a_report_that_is_made_again_is_entered_once(spent: Path) -> None:
    ledger.spend(range(100, 200), "chibi", "aaa", spent)
    ledger.spend(range(100, 200), "canny", "aaa", spent)
    assert [(each.verb, each.first, each.last) for each in ledger.entries(spent)] == [
        ("chibi", 100, 199),
        ("canny", 100, 199),
    ]


def test_a_trial_on_spent_test_seeds_is_refused_before_anything_is_drawn(spent: Path, tmp_path: Path) -> None:
    with pytest.raises(EvaluationFailed, match="were reported"):
        asked(spent, tmp_path, "test")


def test_validation_seeds_are_never_spent(spent: Path, tmp_path: Path) -> None:
    asked(spent, tmp_path, "validation").spend()
    assert len(ledger.entries(spent)) == 1


def test_what_a_trial_spends_stands_in_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "seeds.json"
    asked(path, tmp_path, "test").spend()
    assert ledger.entries(path) == [ledger.Spent("chibi", 150, 159, "bbb")]


def test_every_report_beside_the_weights_stands_in_the_ledger() -> None:
    from animegen.chibi.build.card import REPORTS, WEIGHTS, report_path
    from animegen.evaluation import report

    paths = {verb: path for verb in REPORTS if (path := report_path(WEIGHTS, verb)).exists()}
    told = {(each.verb, each.commit) for each in ledger.entries()}
    assert {(verb, report.read(path).commit) for verb, path in paths.items()} <= told


def asked(path: Path, out: Path, split: Split) -> Trial:
    painter = Painter(lambda _: [])
    return silent_trial(painter, "chibi", 10, out, seed_from=150, split=split, commit="bbb", ledger=path)
