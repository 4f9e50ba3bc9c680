"""``python -m animegen.training.reference``: print a recipe with every field, its default and what it means."""

import textwrap
from collections.abc import Iterator
from typing import Any, Final, get_args

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from animegen.training.adapter_recipe import AdapterRecipe

WIDTH: Final = 110
REQUIRED: Final = {"name": "mika", "folder": "pictures"}
"""What stands for the fields that have no default."""
HEADER: Final = """\
# A recipe with every field, its default and what it means; a recipe of yours needs name and data.folder alone.
#   animegen train recipe.yaml --out runs/mika --set adapter.rank=8
"""


def render() -> str:
    """Return the recipe as YAML."""
    return HEADER + "\n".join(_section(AdapterRecipe, "")) + "\n"


def _section(model: type[BaseModel], indent: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield f"\n{indent}{name}:"
            yield from _section(inner, indent + "  ")
            continue
        yield from _comment(field, indent)
        yield f"{indent}{name}: {_value(name, field)}"


def _comment(field: FieldInfo, indent: str) -> Iterator[str]:
    text = field.description or ""
    if choices := [value for value in get_args(field.annotation) if isinstance(value, str)]:
        text = f"{' | '.join(choices)}. {text}"
    prefix = f"{indent}# "
    yield from textwrap.wrap(text, WIDTH, initial_indent=prefix, subsequent_indent=prefix, break_on_hyphens=False)


def _value(name: str, field: FieldInfo) -> str:
    value: Any = REQUIRED[name] if field.is_required() else field.get_default()
    plain = list(value) if isinstance(value, tuple) else value
    return yaml.safe_dump(plain, default_flow_style=True).removesuffix("...\n").strip()


if __name__ == "__main__":
    print(render(), end="")
