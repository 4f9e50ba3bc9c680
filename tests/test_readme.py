"""The README is the Space's configuration and the first thing a visitor tries: both must hold."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FRONT_MATTER = yaml.safe_load(README.split("---\n")[1])
SPACE_KEYS = {
    *("title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file", "header", "tags"),
    *("short_description", "license", "models", "preload_from_hub", "startup_duration_timeout", "suggested_hardware"),
}
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


def test_the_front_matter_has_only_keys_that_a_space_knows() -> None:
    assert set(FRONT_MATTER) <= SPACE_KEYS


def test_the_front_matters_colours_are_colours_of_the_hub() -> None:
    assert {FRONT_MATTER["colorFrom"], FRONT_MATTER["colorTo"]} <= COLOURS


def test_the_short_description_fits() -> None:
    assert 0 < len(FRONT_MATTER["short_description"]) <= 60


def test_the_space_runs_the_gradio_that_was_tested() -> None:
    assert f"gradio=={FRONT_MATTER['sdk_version']}" in (ROOT / "constraints.txt").read_text().splitlines()


def test_every_file_that_the_readme_names_exists() -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)]+)\)", README)
    assert [name for name in [FRONT_MATTER["app_file"], *linked] if not (ROOT / name).exists()] == []


def test_every_room_in_the_readmes_tree_exists_and_every_room_is_in_it() -> None:
    tree = README.split("```text\n")[1].split("```")[0]
    drawn = {room for line in re.findall(r"^  .*", tree, re.MULTILINE) for room in re.findall(r"(\w+)/", line)}
    assert drawn == {path.parent.name for path in (ROOT / "animegen").glob("*/__init__.py")}
