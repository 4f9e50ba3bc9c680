"""What is known of a run before it begins: its plan, its tags and what the linter finds; `plan.json` holds it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from animegen.chibi.captions import known_words
from animegen.datasets.buckets import with_resolution
from animegen.datasets.dataset import Dataset
from animegen.datasets.layouts import survey
from animegen.datasets.lint import LEVELS, Finding, finding, frequencies, lint
from animegen.datasets.recipe import DataRecipe
from animegen.errors import ModelUnavailable
from animegen.lora_files import bases
from animegen.lora_files.bases import Part
from animegen.lora_files.layout import Layers
from animegen.messages import message
from animegen.models import tokens
from animegen.models.table import ModelRow
from animegen.training.adapter_recipe import AdapterRecipe, AdapterSettings
from animegen.training.contradictions import OTHERS, check
from animegen.training.plan import Plan, make_plan

FATAL: Final = ("datasets.lint_no_pictures", "datasets.lint_small_refused")
"""What leaves nothing to plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """A recipe's dataset as surveyed, its plan, and what the linter finds.

    ``tags`` says in how many of the ``captions`` each tag stands, those of regularisation not counted. There is no
    plan where there is nothing to train on.
    """

    recipe: DataRecipe
    dataset: Dataset
    captions: int
    tags: Mapping[str, int]
    findings: tuple[Finding, ...]
    plan: Plan | None

    @property
    def failed(self) -> bool:
        """Whether something has to be mended before the first step."""
        return any(each.level == "error" for each in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return what `plan.json` holds; sentences are there in each language, paths relative to the data folder."""
        return {
            "plan": self.plan and self.plan.model_dump(mode="json"),
            "captions": self.captions,
            "tags": dict(self.tags),
            "findings": [each.to_json(self.recipe) for each in self.findings],
        }


def inspect(recipe: AdapterRecipe, row: ModelRow, *, processes: int = 1) -> Inspection:
    """Return what is known of a run of a recipe on a model, whose few small files alone are loaded.

    Raises DatasetRefused where a folder is missing, and TrainingFailed for settings that contradict each other.
    """
    check(recipe.adapter, _layers(row))
    recipe = recipe.model_copy(update={"data": with_resolution(recipe.data, row.native_size)})
    dataset = survey(recipe.data)
    count, missing = _counter(row)
    found = (*lint(dataset, recipe.data, count=count, knows=_knower(row, count)), *missing)
    written = [sample for sample in dataset.training + dataset.validation if sample.captioned]
    fatal = any(each.message.id in FATAL for each in found) or not dataset.training
    plan = None if fatal else make_plan(recipe, dataset, _layers(row), processes=processes)
    found += (*(_check(plan, row, recipe.data.resolution or row.native_size) if plan else ()), *_unused(recipe.adapter))
    return Inspection(
        recipe=recipe.data,
        dataset=dataset,
        captions=len(written),
        tags=dict(frequencies(written).most_common()),
        findings=tuple(sorted(found, key=lambda each: LEVELS.index(each.level))),
        plan=plan,
    )


def _counter(row: ModelRow) -> tuple[Callable[[str], int] | None, tuple[Finding, ...]]:
    """Return what counts the tokens of a text, or None and the note that says so."""
    try:
        return tokens.load(row).count, ()
    except ModelUnavailable:
        return None, (finding("note", "no_tokenizer", model=row.name),)


def _knower(row: ModelRow, count: Callable[[str], int] | None) -> Callable[[str], bool] | None:
    """Return what says whether a model knows a word: chibi by its captions, CLIP where the word is a single token."""
    if row.family == "chibi":
        return known_words().__contains__
    return (lambda word: count(word) == 1) if count else None


def _layers(row: ModelRow) -> Mapping[Part, Layers]:
    """Return the layers of a model, none where its base is not in the table."""
    return bases()[row.lora_base].layers if row.lora_base else {}


def _unused(settings: AdapterSettings) -> Iterator[Finding]:
    """Yield dropout that a method does not have."""
    if settings.method in OTHERS and settings.dropout:
        said = message("training.dropout_unused", method=settings.method)
        yield Finding(level="note", message=said, fix=message("training.dropout_unused_fix"))


def _check(plan: Plan, row: ModelRow, resolution: int) -> Iterator[Finding]:
    """Yield a warm-up that the run never leaves, and sizes at which the model cannot draw."""
    if plan.warmup >= plan.steps:
        yield finding("warning", "warmup", warmup=plan.warmup, steps=plan.steps, fitting=max(1, plan.steps // 10))
    sides = [side for bucket in plan.buckets for side in (bucket.width, bucket.height)]
    meant = not row.min_size <= resolution <= row.max_size  # whoever sets such a resolution knows it
    if not meant and (min(sides) < row.min_size or max(sides) > row.max_size):
        yield finding("warning", "sizes", model=row.name, least=row.min_size, most=row.max_size, native=row.native_size)
