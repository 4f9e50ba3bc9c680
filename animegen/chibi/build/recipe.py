"""How a part of chibi is trained: a recipe as any run has it, and how many of the artist's renders it sees."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import Field

from animegen.training.recipe import Recipe

RECIPES: Final = Path(__file__).with_name("recipes.toml")
HELD_OUT: Final = "held_out"
"""The section of recipes.toml for the renders that the record's figures are measured on; nothing is trained on them."""


class StageRecipe(Recipe):
    """How one part of chibi is trained."""

    renders: int = Field(
        default=0, ge=0, exclude=True,
        description="How many renders it learns from, where it does not share those of another part; in no record.",
    )  # fmt: skip


def read(path: Path = RECIPES) -> Mapping[str, StageRecipe]:
    """Return the recipes of a file by the names of the parts. Raises ValidationError on an unknown key."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: StageRecipe.model_validate(row) for name, row in table.items() if name != HELD_OUT}


def read_held_out(path: Path = RECIPES) -> int:
    """Return how many renders are held out for the record's figures."""
    return int(tomllib.loads(path.read_text(encoding="utf-8"))[HELD_OUT]["renders"])
