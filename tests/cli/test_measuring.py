"""The verbs that measure: what is asked for reaches the experiment, and the card only when it is wanted."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from animegen.errors import EvaluationFailed

pytest.importorskip("skia", reason="measuring draws held-out renders")


EXPERIMENTS = {
    "chibi": "evaluate.measure",
    "samplers": "samplers.measure",
    "image-to-image": "image_to_image.measure",
    "canny": "canny.measure",
    "expression-sheet": "expression_sheet.measure",
    "emotion-path": "emotion_path.measure",
    "intensity-path": "emotion_path.measure",
    "broken": "broken.measure",
    "two-sample": "two_sample.measure",
    "memory": "memory.measure",
    "style": "style.measure",
    "character": "invented.measure",
}
OF_LORAS = {"style", "character"}
"""The verbs whose reports are not of the card."""


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
            lambda trial, **options: asked.update(vars(trial), **options) or "the report",
        )
    monkeypatch.setattr(card, "add", lambda *added: asked.update(card=added) or Path("README.md"))
    return asked


@pytest.fixture
def own_lora(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The name of a LoRA of chibi in the settings' folder."""
    from animegen import settings
    from animegen.lora_files import write_kohya
    from tests.lora_files.making import adapter

    write_kohya(adapter("chibi"), tmp_path / "ink.safetensors")
    monkeypatch.setenv("ANIMEGEN_LORAS", str(tmp_path))
    settings.settings.cache_clear()
    yield "ink"
    settings.settings.cache_clear()


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


@pytest.mark.parametrize("verb", [verb for verb in EXPERIMENTS if verb not in OF_LORAS])
def test_the_report_of_a_verb_is_put_into_the_card(say, asked: dict, verb: str) -> None:
    assert "README.md" in say("evaluate", verb, "--card", "--seed-from", "5", "--count", "7").out
    assert asked["card"] == (verb, "the report")
    assert asked["spent"] == range(5, 12)


@pytest.mark.parametrize("verb", sorted(OF_LORAS))
def test_the_report_of_a_lora_is_kept_beside_it(say, asked: dict, monkeypatch, verb: str) -> None:
    from animegen.experiments import lora_reports

    monkeypatch.setattr(lora_reports, "require_offered", lambda _: None)
    monkeypatch.setattr(lora_reports, "keep", lambda trial, report: Path(f"{report}.json"))
    assert "the report.json" in say("evaluate", verb, "--card", "--seed-from", "5", "--count", "7").out
    assert asked["spent"] == range(5, 12)
    assert "card" not in asked


def test_without_a_commit_nothing_is_drawn_for_the_card(say, asked: dict, monkeypatch) -> None:
    from animegen.evaluation import provenance

    def refuse(commit: str) -> None:
        raise EvaluationFailed("evaluation.not_committed")

    monkeypatch.setattr(provenance, "require_commit", refuse)
    assert say("evaluate", "chibi", "--card").code == 1
    assert asked == {}


def test_which_pictures_chibi_knows_is_measured_and_kept_where_that_is_asked_for(say, monkeypatch) -> None:
    from animegen.experiments import familiarity

    asked: dict = {}
    monkeypatch.setattr(familiarity, "measure", lambda studio, **options: asked.update(options, model=studio.row.name))
    assert say("evaluate", "familiarity", "--count", "7").code == 0
    assert (asked["count"], asked["keep"], asked["model"]) == (7, False, "chibi")
    say("evaluate", "familiarity", "--keep")
    assert asked["keep"]


@pytest.mark.parametrize("verb", EXPERIMENTS)
def test_the_embedded_model_is_evaluated_where_no_other_is_named(say, asked: dict, verb: str) -> None:
    say("evaluate", verb)
    assert (asked["studio"].row.name, asked["loras"]) == ("chibi", ())
    assert say("evaluate", verb, "--model", "sd15").code == 0
    assert asked["studio"].row.name == "sd15"


@pytest.mark.parametrize("verb", EXPERIMENTS)
def test_a_lora_is_drawn_with_by_its_weight(say, asked: dict, own_lora: str, verb: str) -> None:
    assert say("evaluate", verb, "--lora", f"{own_lora}:0.5").code == 0
    assert [str(each) for each in asked["loras"]] == [f"{own_lora}:0.5"]


def test_a_lora_that_there_is_not_is_refused_before_anything_is_drawn(say, asked: dict) -> None:
    assert say("evaluate", "chibi", "--lora", "nobody").code == 1
    assert asked == {}


@pytest.mark.parametrize("more", [("--model", "sd15"), ("--lora", "ink")])
def test_the_card_takes_the_embedded_model_alone(say, asked: dict, own_lora: str, more: tuple[str, ...]) -> None:
    assert "without LoRAs" in say("evaluate", "chibi", "--card", *more).err
    assert asked == {}
