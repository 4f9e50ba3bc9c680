"""Folders without a fault in each layout, for tests that break them, and what the linter says of a folder."""

import json
from pathlib import Path
from typing import Any, Final

from animegen.datasets.layouts import survey
from animegen.datasets.lint import Finding, lint
from animegen.datasets.recipe import DataRecipe, Layout
from tests.datasets.folders import drawing, recipe, write_picture

TRIGGER: Final = "mikaxx"
TAGS: Final = (
    ("smile", "frown", "open mouth"),
    ("blue background", "room", "sunset", "night"),
    ("hoodie", "kimono", "dress", "armor", "school uniform", "overalls"),
)
NAMES: Final = [f"{number:02}.png" for number in range(12)]
MORE: Final = [f"{number:02}.png" for number in range(16)]
"""The names of the pictures, and of those of regularisation."""
FOLDERS: Final = {"kohya": ("10_mika", "1_girl"), "folders": ("mika_anime", "girl"), "metadata": ("", "")}
"""Where the pictures of each layout lie, and those of regularisation."""


def caption(number: int) -> str:
    """Return a caption whose tags are those of few others."""
    return ", ".join(tags[number % len(tags)] for tags in TAGS)


def good(root: Path, layout: Layout = "kohya", **values: Any) -> DataRecipe:
    """Write twelve pictures, and sixteen of regularisation, in which there is nothing to mend."""
    own, added = (root / name / folder for name, folder in zip(("data", "class"), FOLDERS[layout], strict=True))
    for folder, names in ((own, NAMES), (added, MORE)):
        for number, name in enumerate(names):
            written = None if layout == "metadata" else caption(number)
            write_picture(folder / name, written, image=drawing(f"{folder} {name}".removeprefix(str(root))))
        if layout == "metadata":
            write_lines(folder, {name: caption(number) for number, name in enumerate(names)})
    chosen = {"layout": layout, "trigger": TRIGGER, "regularization": root / "class", "shuffle": True}
    return recipe(root / "data", **{**chosen, **values})


def write_lines(folder: Path, texts: dict[str, str]) -> None:
    """Write the `metadata.jsonl` of a folder."""
    rows = [json.dumps({"file_name": name, "text": text}) for name, text in texts.items()]
    (folder / "metadata.jsonl").write_text("\n".join(rows), encoding="utf-8")


def findings(chosen: DataRecipe, **known: Any) -> list[Finding]:
    """Return all that the linter finds."""
    return list(lint(survey(chosen), chosen, **known))


def keys(found: list[Finding]) -> list[str]:
    """Return the keys of the sentences of some findings, sorted."""
    return sorted(each.message.id.removeprefix("datasets.").removeprefix("lint_") for each in found)
