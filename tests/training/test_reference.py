"""The reference of recipes in the documentation is the recipe's own."""

from pathlib import Path

from pydantic import BaseModel

from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.recipe_file import read_recipe
from animegen.training.reference import render

FILE = Path(__file__).parents[2] / "docs" / "recipe.yaml"


def test_the_documentation_shows_the_recipe_as_it_is() -> None:
    assert FILE.read_text(encoding="utf-8") == render()


def test_the_documented_recipe_can_be_read_and_is_the_default_one() -> None:
    recipe = read_recipe(FILE)
    assert recipe == AdapterRecipe.model_validate(
        {"name": "mika", "data": {"folder": (FILE.parent / "pictures").resolve()}}
    )


def test_every_field_says_what_it_means() -> None:
    def check(model: type[BaseModel]) -> None:
        for name, field in model.model_fields.items():
            inner = field.annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                check(inner)
            else:
                assert field.description, name

    check(AdapterRecipe)
