"""chibi's card: rendered from the record and the reports, and the one that lies beside the weights is up to date."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from animegen.chibi.build import card, record
from animegen.chibi.character import ACCESSORIES, VOCABULARY
from animegen.evaluation import report
from animegen.evaluation.metrics import share
from animegen.evaluation.provenance import parts
from animegen.evaluation.report import Report
from animegen.models import loading, table
from animegen.training.recipe import Recipe

FOLDER = loading.folder_of(table.rows()["chibi"])
README = FOLDER.parents[2] / "README.md"
RECORD = record.read(FOLDER)
WRITTEN = {verb: report.read(path) for verb in card.REPORTS if (path := card.report_path(FOLDER, verb)).exists()}
REPORT = Report(
    title="ten prompts",
    command="animegen evaluate chibi --count 10",
    commit="abc",
    sources={"code": "fedcba9876543210", "unet": "0123456789abcdef"},
    n=10,
    seconds=1.0,
    figures={"emotion": share(8, 10)},
)


def test_the_card_beside_the_weights_is_the_one_of_their_record_and_reports() -> None:
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == card.render(RECORD, WRITTEN)


def test_the_reports_beside_the_weights_are_of_these_weights() -> None:
    of = parts(FOLDER)
    told = {verb: {name: one.sources[name] for name in of.keys() & one.sources} for verb, one in WRITTEN.items()}
    assert told == {verb: {name: of[name] for name in told[verb]} for verb in WRITTEN}
    assert all({"unet", "vae", "text_encoder", "judge"} <= one.keys() for one in told.values())


def test_the_figures_of_the_readme_are_those_of_the_reports() -> None:
    page = README.read_text(encoding="utf-8")
    assert card.with_figures(page, WRITTEN | card.lora_reports()) == page


def test_no_share_in_the_readme_is_typed_by_hand() -> None:
    page = README.read_text(encoding="utf-8")
    assert re.findall(r"[^>]\b\d+(?:\.\d+)? ?[%％]", page) == []


def test_a_marked_figure_is_written_in_whole_percents() -> None:
    page = "In <!--chibi: emotion-->3 %<!----> of them."
    assert card.with_figures(page, {"chibi": REPORT}) == "In <!--chibi: emotion-->80%<!----> of them."


def test_a_figure_that_no_report_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        card.with_figures("<!--chibi: beauty-->100%<!---->", {"chibi": REPORT})


def test_another_figure_in_the_record_is_another_figure_in_the_card() -> None:
    assert "12.34 dB" in card.render(RECORD.model_copy(update={"autoencoder_psnr_db": 12.34}), {})


def test_a_part_trained_twice_names_both_runs() -> None:
    runs = tuple(Recipe(steps=steps, batch_size=size, learning_rate=1e-3) for steps, size in ((700, 16), (20_000, 8)))
    recipes = {**RECORD.recipes, "unet": runs}
    assert "700 x 16 + 20,000 x 8" in card.render(RECORD.model_copy(update={"recipes": recipes}), {})


def test_the_card_names_every_word_of_the_vocabulary() -> None:
    page = card.render(RECORD, {})
    words = {word for words in (*VOCABULARY.values(), ACCESSORIES) for word in words}
    assert [word for word in words if word.replace("_", " ") not in page] == []


def test_a_figure_of_the_report_stands_with_its_interval_n_and_command() -> None:
    page = card.render(RECORD, {"chibi": REPORT})
    assert "| emotion | 0.800 | 0.490 - 0.943 | 10 |" in page
    assert REPORT.command in page
    assert card.render(RECORD, {"chibi": replace(REPORT, figures={"emotion": share(7, 10)})}) != page


def test_a_card_without_a_report_says_how_to_make_one() -> None:
    page = card.render(RECORD, {})
    assert [verb for verb in card.REPORTS if f"`animegen evaluate {verb} --card`" not in page] == []


@pytest.mark.parametrize("verb", card.REPORTS)
def test_a_report_that_is_added_lies_beside_the_card_and_stands_in_it(verb: str, tmp_path: Path) -> None:
    shutil.copy(FOLDER / "record.json", tmp_path)
    assert card.add(verb, REPORT, tmp_path).read_text(encoding="utf-8") == card.render(RECORD, {verb: REPORT})
    assert report.read(card.report_path(tmp_path, verb)) == REPORT


def test_a_report_leaves_those_of_other_verbs_in_the_card(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "record.json", tmp_path)
    card.add("chibi", REPORT, tmp_path)
    page = card.add("canny", replace(REPORT, title="ten sketches"), tmp_path).read_text(encoding="utf-8")
    assert "ten prompts" in page
    assert "ten sketches" in page
