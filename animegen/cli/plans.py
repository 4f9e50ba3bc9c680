"""How the plan of a training run is printed."""

from typing import TYPE_CHECKING

from animegen.cli.terminal import columns, say, show

if TYPE_CHECKING:
    from animegen.training.plan import Plan

PARTS = {"unet": "UNet", "text_encoder": "text encoder"}


def show_plan(plan: "Plan") -> None:
    """Print the tree as it was understood, and what the run will do with it."""
    table = columns("folder", "pictures", "repeats", "words", "captions", "")
    for each in plan.folders:
        kept = f"{each.kept} for validation" if each.kept else ""
        captions = f"{each.captioned} of {each.pictures}"
        role = "regularisation" if each.regularization else kept
        table.add_row(each.path, str(each.pictures), str(each.repeats), each.words or "-", captions, role)
    show(table)
    say("")
    table = columns("", "")
    table.show_header = False
    for name, value in _rows(plan).items():
        table.add_row(name, value)
    show(table)
    say("")
    table = columns("step", *(f"learning rate, {PARTS[part]}" for part in plan.stages[0].rates))
    for stage in plan.stages:
        table.add_row(str(stage.step), *(f"{rate:.3g}" for rate in stage.rates.values()))
    show(table)


def _rows(plan: "Plan") -> dict[str, str]:
    return {
        "caption": plan.caption or "(empty)",
        "uses an epoch": f"{plan.uses} of training pictures, repeats included",
        "regularisation": _regularization(plan),
        "buckets": ", ".join(f"{each.width}x{each.height}: {each.pictures}" for each in plan.buckets),
        "steps": f"{plan.steps} in {plan.epochs} epochs, {plan.steps_an_epoch} in the first",
        "pictures a step": str(plan.batch),
        "warm-up": f"{plan.warmup} steps",
        "adapter": _adapter(plan),
        "file": _file(plan),
        "time": _time(plan),
    }


def _regularization(plan: "Plan") -> str:
    added = plan.regularization
    if added is None:
        return "none"
    each = f"{added.uses / added.pictures:.3g}"
    return f"{added.pictures} pictures, each used {each} times an epoch, their loss times {added.weight:g}"


def _adapter(plan: "Plan") -> str:
    named = (f"{each.layers} layers of the {PARTS[each.part]}" for each in plan.networks)
    return ", ".join(named) or "unknown until the model is loaded"


def _file(plan: "Plan") -> str:
    if plan.bytes is None:
        return "unknown until it is exported"
    return f"{plan.bytes // 2:,} parameters, {plan.bytes / 1e6:.1f} MB in float16"


def _time(plan: "Plan") -> str:
    if plan.seconds_a_step is None:
        return "unknown until the first steps"
    return f"{plan.seconds_a_step * plan.steps / 60:.0f} minutes ({plan.seconds_a_step:.2f} s a step)"
