"""What was planned before a run's first step, and what the linter found, as sentences for the page."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from animegen.messages import Language
from animegen.training.plan import Plan
from animegen.ui.texts import say


def describe(written: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Yield what `plan.json` holds, a sentence each, the findings first; what another version wrote is passed over."""
    findings = written.get("findings")
    for each in findings if isinstance(findings, list) else ():
        if sentence := _finding(each, language):
            yield sentence
    try:
        yield from _plan(Plan.model_validate(written.get("plan")), language)
    except ValidationError:
        return


def _finding(finding: Any, language: Language) -> str:
    """Return a finding with its fix, nothing where it cannot be read."""
    try:
        said, fix = str(finding["message"][language]), str(finding["fix"][language])
        return say(f"finding_{finding['level']}", language, finding=f"{said} {fix}")
    except (KeyError, TypeError):
        return ""


def _plan(plan: Plan, language: Language) -> Iterator[str]:
    for folder in plan.folders:
        values = {"folder": folder.path, "pictures": folder.pictures, "repeats": folder.repeats, "kept": folder.kept}
        key = "plan_regularization" if folder.regularization else "plan_kept" if folder.kept else "plan_folder"
        yield say(key, language, **values)
    yield say("plan_caption", language, caption=plan.caption or "-")
    sizes = ", ".join(f"{each.width}x{each.height} ({each.pictures})" for each in plan.buckets)
    yield say("plan_sizes", language, sizes=sizes)
    yield say("plan_steps", language, steps=plan.steps, epochs=plan.epochs, batch=plan.batch, warmup=plan.warmup)
    rates = ", ".join(f"{rate:.3g}" for rate in max((each.rates for each in plan.stages), key=_highest).values())
    yield say("plan_rate", language, rates=rates)
    if plan.bytes is not None:
        yield say("plan_file", language, parameters=plan.bytes // 2, megabytes=plan.bytes / 1e6)


def _highest(rates: Mapping[Any, float]) -> float:
    return max(rates.values(), default=0.0)
