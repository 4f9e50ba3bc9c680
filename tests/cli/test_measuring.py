"""The verbs that measure: what is asked for reaches the experiment, and the card only when it is wanted."""

import importlib
from dataclasses import asdict
from pathlib import Path

import pytest

from animegen.errors import EvaluationFailed

pytest.importorskip("skia", reason="measuring draws held-out renders")


EXPERIMENTS = {
    "chibi": "evaluate.chibi",
    "samplers": "samplers.chibi",
    "image-to-image": "image_to_image.chibi",
    "canny": "canny.chibi",
    "expression-sheet": "expression_sheet.chibi",
    "emotion-path": "emotion_path.chibi",
    "intensity-path": "emotion_path.chibi",
    "broken": "broken.chibi",
    "two-sample": "two_sample.chibi",
    "memory": "memory.chibi",
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Return what the experiment was called with, and under ``card`` what was put into the card."""
    from animegen.chibi.build import card
    from animegen.evaluation import provenance
    from animegen.experiments import ledger

    asked: dict = {}
    monkeypatch.setattr(ledger, "check", lambda *_: None)
    monkeypatch.setattr(ledger, "spend", lambda seeds, *_: asked.update(spent=seeds))
    monkeypatch.setattr(provenance, "require_commit", lambda _: None)
    for place in EXPERIMENTS.values():
        module, _, function = place.partition(".")
        monkeypatch.setattr(
            importlib.import_module(f"animegen.experiments.{module}"),
            function,
            lambda trial, **options: asked.update(asdict(trial), **options) or "the report",
        )
    monkeypatch.setattr(card, "add", lambda *added: asked.update(card=added) or Path("README.md"))
    return asked


@pytest.mark.parametrize("verb", EXPERIMENTS)
def test_options_reach_the_experiment(say, asked: dict, tmp_path: Path, verb: str) -> None:
    said = say("evaluate", verb, "--count", "7", "--seed-from", "3", "--out", str(tmp_path))
    assert said.code == 0
    assert {name: asked[name] for name in ("count", "seed_from", "out")} == {
        "count": 7,
        "seed_from": 3,
        "out": tmp_path,
    }
    assert asked["split"] == "test"


@pytest.mark.parametrize("verb", EXPERIMENTS)
def test_the_card_is_left_alone_unless_asked_for(say, asked: dict, verb: str) -> None:
    say("evaluate", verb)
    assert asked.keys().isdisjoint({"card", "spent"})


@pytest.mark.parametrize("verb", EXPERIMENTS)
def test_the_report_of_a_verb_is_put_into_the_card(say, asked: dict, verb: str) -> None:
    assert "README.md" in say("evaluate", verb, "--card", "--seed-from", "5", "--count", "7").out
    assert asked["card"] == (verb, "the report")
    assert asked["spent"] == range(5, 12)


def test_without_a_commit_nothing_is_drawn_for_the_card(say, asked: dict, monkeypatch) -> None:
    from animegen.evaluation import provenance

    def refuse(commit: str) -> None:
        raise EvaluationFailed("Commit first.")

    monkeypatch.setattr(provenance, "require_commit", refuse)
    assert say("evaluate", "chibi", "--card").code == 1
    assert asked == {}


def test_which_pictures_chibi_knows_is_measured_and_kept_where_that_is_asked_for(say, monkeypatch) -> None:
    from animegen.experiments import familiarity

    asked: dict = {}
    monkeypatch.setattr(familiarity, "measure", lambda **options: asked.update(options))
    assert say("evaluate", "familiarity", "--count", "7").code == 0
    assert (asked["count"], asked["keep"]) == (7, False)
    say("evaluate", "familiarity", "--keep")
    assert asked["keep"]
