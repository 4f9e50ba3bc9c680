"""The linter: what is wrong with a folder of training pictures, and the exact fix of each, before the first step."""

from collections.abc import Callable
from typing import Final

from animegen.datasets.dataset import Dataset
from animegen.datasets.lint import files, fingerprints, pictures, settings, tags
from animegen.datasets.lint.finding import LEVELS, Case, Check, Finding, Level, finding, within
from animegen.datasets.lint.tags import frequencies
from animegen.datasets.recipe import DataRecipe

__all__ = ["CHECKS", "LEVELS", "Finding", "Level", "finding", "frequencies", "lint", "within"]

CHECKS: Final[tuple[Check, ...]] = (
    files.find_no_pictures,
    files.report_faults,
    files.report_unused,
    files.find_missing_captions,
    files.find_empty_captions,
    pictures.find_small,
    pictures.find_cut,
    pictures.find_copies,
    pictures.find_near_copies,
    tags.find_binding,
    tags.find_shared,
    tags.find_sided,
    tags.find_names,
    settings.find_leaks,
    settings.find_missing_trigger,
    settings.find_ordinary_trigger,
    settings.find_long,
    settings.find_idle_settings,
    settings.find_few,
    settings.find_small_regularization,
    settings.find_other_sizes,
)


def lint(
    dataset: Dataset,
    recipe: DataRecipe,
    *,
    count: Callable[[str], int] | None = None,
    knows: Callable[[str], bool] | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with a surveyed dataset under a recipe whose resolution is set, the gravest first.

    ``count`` returns the tokens of a text, and ``knows`` says whether a word means something to the base already.
    """
    paths = [sample.path for sample in (*dataset.training, *dataset.validation, *dataset.regularization)]
    case = Case(
        dataset=dataset,
        recipe=recipe,
        fingerprints=fingerprints.take(paths, recipe.background),
        count=count,
        knows=knows,
    )
    found = [each for check in CHECKS for each in check(case)]
    return tuple(sorted(found, key=lambda each: LEVELS.index(each.level)))
