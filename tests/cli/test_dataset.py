"""`animegen dataset lint`: the plan, the tags and the findings of a folder, printed and as JSON."""

import json
from pathlib import Path
from typing import get_args

import pytest

from animegen.cli import linting
from animegen.datasets.recipe import Layout
from tests.datasets.lint_page import render
from tests.datasets.linting import good

RECIPE = """
name: mika
data: {{folder: elsewhere, layout: {layout}, resolution: 64, bucket_step: 8, trigger: mikaxx, shuffle: true}}
adapter: {{rank: 4}}
optimizer: {{warmup: 0.1}}
epochs: 2
batch_size: 4
"""
PRINTED = """\
folder   pictures  repeats  words  captions
10_mika  12        10       mika   12 of 12

caption          mikaxx, smile, blue background, hoodie
uses an epoch    120 of training pictures, repeats included
regularisation   none
buckets          64x64: 12
steps            60 in 2 epochs, 30 in the first
pictures a step  4
warm-up          6 steps
adapter          42 layers of the UNet
file             56,832 parameters, 0.1 MB in float16
time             unknown until the first steps

step  learning rate, UNet
0     1.67e-05
6     0.0001
15    8.33e-05
30    5.56e-05
45    2.78e-05
59    1.85e-06

tag              captions  share
smile            4         33%
frown            4         33%
open mouth       4         33%
blue background  3         25%
room             3         25%
sunset           3         25%
night            3         25%
hoodie           2         17%
kimono           2         17%
dress            2         17%
armor            2         17%
school uniform   2         17%
overalls         2         17%

Errors: 0, warnings: 0, notes: 0.
"""


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return good(tmp_path).folder


def recipe(root: Path, layout: str = "kohya") -> str:
    path = root / "mika.yaml"
    path.write_text(RECIPE.format(layout=layout), encoding="utf-8")
    return str(path)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_the_plan_of_a_good_folder_is_printed_and_the_command_succeeds(say, folder: Path, tmp_path: Path) -> None:
    said = say("dataset", "lint", str(folder), "--recipe", recipe(tmp_path))
    assert (said.code, said.err) == (0, "")
    assert lines(said.out) == lines(PRINTED)


def test_a_broken_folder_fails_and_each_finding_is_printed_with_files_and_fix(say, folder: Path, tmp_path) -> None:
    (folder / "10_mika/00.txt").write_bytes("青い髪".encode("cp932"))
    said = say("dataset", "lint", str(folder), "--recipe", recipe(tmp_path))
    found = said.out[said.out.index("error: ") :].splitlines()
    assert said.code == 1
    assert found[1] == "  files: 10_mika/00.txt"
    assert found[2].startswith("  fix: Run `iconv -f CP932")
    assert found[-1] == "Errors: 1, warnings: 0, notes: 0."


def test_warnings_alone_do_not_fail(say, folder: Path, tmp_path: Path) -> None:
    (folder / "10_mika/00.txt").unlink()
    said = say("dataset", "lint", str(folder), "--recipe", recipe(tmp_path))
    assert said.code == 0
    assert "warning: Pictures without a caption: 1 of 12" in said.out


@pytest.mark.parametrize("layout", get_args(Layout))
def test_without_a_recipe_the_layout_is_guessed_and_named(say, tmp_path: Path, layout: Layout) -> None:
    said = say("dataset", "lint", str(good(tmp_path, layout).folder))
    assert said.out.startswith(f"Without --recipe: default settings, the model chibi, layout {layout}.\n")


def test_a_layout_that_is_named_is_not_guessed(say, folder: Path) -> None:
    assert "layout folders" in say("dataset", "lint", str(folder), "--layout", "folders").out


def test_many_files_are_cut_short_and_json_has_all(say, folder: Path, tmp_path: Path) -> None:
    for number in range(8):
        (folder / f"10_mika/{number}.odt").write_text("", encoding="utf-8")
    command = ("dataset", "lint", str(folder), "--recipe", recipe(tmp_path))
    assert "4.odt and 3 more" in say(*command).out
    said = say(*command, "--json")
    (found,) = json.loads(said.out)["findings"]
    assert (said.code, len(found["paths"])) == (0, 8)


def test_a_folder_that_is_not_there_is_bad_usage(say, tmp_path: Path) -> None:
    assert say("dataset", "lint", str(tmp_path / "nowhere")).code == 2


def test_the_layouts_of_the_command_are_those_of_a_recipe() -> None:
    assert get_args(linting.Layout) == get_args(Layout)


@pytest.mark.slow
def test_the_page_of_the_docs_shows_what_the_command_prints() -> None:
    page = Path(__file__).parents[2] / "docs/dataset-lint.md"
    assert page.read_text(encoding="utf-8") == render()
