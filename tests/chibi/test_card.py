"""chibi's card: rendered from the record and the report, and the one that lies beside the weights is up to date."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from animegen.chibi.build import card
from animegen.chibi.character import ACCESSORIES, VOCABULARY
from animegen.evaluation import report
from animegen.evaluation.metrics import share
from animegen.evaluation.report import Report
from animegen.experiments.evaluate import weights_hash
from animegen.models import loading, table

FOLDER = loading.folder_of(table.rows()["chibi"])
RECORD = json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))
WRITTEN = report.read(FOLDER / "report.json") if (FOLDER / "report.json").exists() else None
REPORT = Report(
    title="ten prompts",
    command="animegen evaluate chibi --count 10",
    commit="abc",
    weights="0123456789abcdef",
    n=10,
    seconds=1.0,
    figures={"emotion": share(8, 10)},
)


def test_the_card_beside_the_weights_is_the_one_of_their_record_and_report() -> None:
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == card.render(RECORD, WRITTEN)


@pytest.mark.skipif(WRITTEN is None, reason="no report lies beside the weights")
def test_the_report_beside_the_weights_is_of_these_weights() -> None:
    assert WRITTEN.weights == weights_hash(FOLDER)


def test_another_figure_in_the_record_is_another_figure_in_the_card() -> None:
    assert "12.34 dB" in card.render(RECORD | {"autoencoder_psnr_db": 12.34})


def test_a_part_trained_twice_names_both_runs() -> None:
    recipes = RECORD["recipes"] | {"unet": [{"steps": 700, "batch_size": 16}, {"steps": 20_000, "batch_size": 8}]}
    assert "700 x 16 + 20,000 x 8" in card.render(RECORD | {"recipes": recipes})


def test_the_card_names_every_word_of_the_vocabulary() -> None:
    page = card.render(RECORD)
    words = {word for words in (*VOCABULARY.values(), ACCESSORIES) for word in words}
    assert [word for word in words if word.replace("_", " ") not in page] == []


def test_a_figure_of_the_report_stands_with_its_interval_n_and_command() -> None:
    page = card.render(RECORD, REPORT)
    assert "| emotion | 0.800 | 0.490 - 0.943 | 10 |" in page
    assert REPORT.command in page
    assert card.render(RECORD, replace(REPORT, figures={"emotion": share(7, 10)})) != page


def test_a_card_without_a_report_says_how_to_make_one() -> None:
    assert "animegen evaluate chibi" in card.render(RECORD)


def test_renewing_puts_the_report_beside_the_card(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "record.json", tmp_path)
    assert card.renew(REPORT, tmp_path).read_text(encoding="utf-8") == card.render(RECORD, REPORT)
    assert report.read(tmp_path / "report.json") == REPORT
