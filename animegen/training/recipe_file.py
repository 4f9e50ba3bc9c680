"""Recipes of adapters read from YAML, with single values changed on the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from animegen.errors import TrainingFailed
from animegen.training.adapter_recipe import AdapterRecipe

PATHS: Final = (("data", "folder"), ("data", "regularization"), ("adapter", "init_from"))
"""The fields that name a file or a folder, which are relative to the recipe's own folder."""


def read_recipe(path: Path, changes: Sequence[str] = ()) -> AdapterRecipe:
    """Return the recipe in a file, ``changes`` (`key.key=value`, the value in YAML) made first.

    Paths that the file names are relative to its folder, those of changes to the working folder; they are made
    absolute. Raises TrainingFailed
    when the file is missing or no YAML, when a key is unknown, or when a value is none of its range.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise TrainingFailed("training.recipe_unreadable", file=str(path)) from problem
    except yaml.YAMLError as problem:
        raise TrainingFailed("training.recipe_not_yaml", file=str(path), reason=_place(problem)) from problem
    if not isinstance(values, dict):
        raise TrainingFailed("training.recipe_not_yaml", file=str(path), reason="")
    _resolve_paths(values, path.parent)
    for change in changes:
        _set(values, change)
    _resolve_paths(values, Path())
    return validate(values, path)


def validate(values: object, path: Path) -> AdapterRecipe:
    """Return the recipe of these values. Raises TrainingFailed naming the first field that is wrong."""
    try:
        return AdapterRecipe.model_validate(values)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part not in ("int", "float"))
        raise TrainingFailed("training.recipe_field", file=str(path), field=field, reason=first["msg"]) from problem


def _resolve_paths(values: dict[str, Any], folder: Path) -> None:
    for section, key in PATHS:
        place = values.get(section)
        if isinstance(place, dict) and isinstance(place.get(key), str):
            place[key] = str((folder / place[key]).resolve())


def _set(values: dict[str, Any], change: str) -> None:
    """Set one value by its dotted key. Raises TrainingFailed where the change cannot be read."""
    key, equals, text = change.partition("=")
    *sections, name = key.strip().split(".")
    place: Any = values
    for section in sections:
        place = place.setdefault(section, {}) if isinstance(place, dict) else None
    if not equals or not isinstance(place, dict):
        raise TrainingFailed("training.change_unreadable", change=change)
    try:
        place[name] = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise TrainingFailed("training.change_unreadable", change=change) from problem


def _place(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    return "" if mark is None else f"line {mark.line + 1}"
