"""The verbs that measure: what is asked for reaches the experiment, and the card only when it is wanted."""

from pathlib import Path

import pytest

pytest.importorskip("skia", reason="measuring draws held-out renders")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Return what the experiment was called with, and under ``card`` the report that the card was renewed with."""
    from animegen.chibi.build import card
    from animegen.experiments import evaluate

    asked: dict = {}
    monkeypatch.setattr(evaluate, "chibi", lambda **options: asked.update(options) or "the report")
    monkeypatch.setattr(card, "renew", lambda report: asked.update(card=report) or Path("README.md"))
    return asked


def test_options_reach_the_experiment(say, asked: dict, tmp_path: Path) -> None:
    said = say("evaluate", "chibi", "--count", "7", "--negatives", "3", "--out", str(tmp_path))
    assert said.code == 0
    assert {name: asked[name] for name in ("count", "negatives", "out")} == {
        "count": 7,
        "negatives": 3,
        "out": tmp_path,
    }
    assert asked["split"] == "test"


def test_the_card_is_left_alone_unless_asked_for(say, asked: dict) -> None:
    say("evaluate", "chibi")
    assert "card" not in asked


def test_the_card_is_renewed_with_the_report(say, asked: dict) -> None:
    assert "README.md" in say("evaluate", "chibi", "--card").out
    assert asked["card"] == "the report"
