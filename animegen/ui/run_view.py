"""What the page shows of a training run: sentences, its losses as a plot, its samples as rows of small pictures."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from animegen.errors import InvalidRequest
from animegen.messages import Language
from animegen.pictures.files import open_picture
from animegen.training.run import Metrics, Run
from animegen.ui import run_plan
from animegen.ui.texts import say

SIDE: Final = 512
"""The longest side of a sample on the page, in pixels."""
DOT: Final = " · "
COLOURS: Final = {"loss_training": "#94a3b8", "loss_validation": "#e11d48"}
"""The colours of the losses, which can be seen on light and on dark ground."""


def state(run: Run, language: Language) -> str:
    """Return how it stands with a run, in words."""
    starting = run.state == "running" and not run.status.step
    return say(f"run_state_{'starting' if starting else run.state}", language)


def label(run: Run, language: Language) -> str:
    """Return a run's line in the list: its name, and below it how it stands."""
    return f"{run.name}\n{DOT.join([state(run, language), *_epochs(run, language), *_left(run, language)])}"


def headline(run: Run, language: Language) -> str:
    """Return how it stands with a run and how far it is; below that, what its trainer says."""
    status = run.status
    parts = [state(run, language), *_epochs(run, language)]
    if status.steps:
        parts.append(say("run_step", language, step=status.step, steps=status.steps))
    if run.alive and status.seconds_a_step:
        parts.append(say("run_speed", language, seconds=status.seconds_a_step))
    return "\n".join(filter(None, [DOT.join([*parts, *_left(run, language)]), run.message]))


def curve(metrics: Metrics, language: Language) -> dict[str, Any]:
    """Return the losses as gradio's plot takes them."""
    series = (("loss_training", metrics.training), ("loss_validation", metrics.validation))
    data = [[step, loss, say(key, language)] for key, points in series for step, loss in points]
    return {
        "columns": ["step", "loss", "of"],
        "data": data,
        "datatypes": {"step": "quantitative", "loss": "quantitative", "of": "nominal"},
        "mark": "line",
    }


def samples(run: Run, language: Language) -> list[dict[str, Any]]:
    """Return a row for each epoch that has pictures or a LoRA, the newest first."""
    pictures, kept, prompts = run.samples(), run.epochs(), run.prompts()
    return [
        {
            "epoch": epoch,
            "label": say("sample_epoch" if epoch else "sample_before", language, epoch=epoch),
            "use": say("use_epoch", language) if epoch in kept else "",
            "pictures": list(_pictures(pictures.get(epoch, ()), prompts)),
        }
        for epoch in sorted({*pictures, *kept}, reverse=True)
    ]


def fingerprint(run: Run, language: Language) -> str:
    """Return a text that is another one when the rows of samples are."""
    found = (run.name, *(len(each) for each in run.samples().values()), *run.epochs(), language)
    return " ".join(map(str, found))


def plan(run: Run, metrics: Metrics, language: Language) -> str:
    """Return what was planned and found before the first step, and how far the weights moved, a sentence a line."""
    lines = [*run_plan.describe(run.plan(), language)]
    if metrics.change:
        groups = ", ".join(f"{group} {share:.2%}" for group, share in metrics.change)
        lines.append(say("change", language, groups=groups))
    return "\n".join(lines) or say("no_plan", language)


def _epochs(run: Run, language: Language) -> Iterator[str]:
    if run.status.epochs:
        yield say("run_epoch", language, epoch=run.status.epoch, epochs=run.status.epochs)


def _left(run: Run, language: Language) -> Iterator[str]:
    if run.state != "running" or not run.status.seconds_a_step:
        return
    hours, minutes = divmod(round(run.seconds_left / 60), 60)
    unit = "hours" if hours else "minutes" if minutes else "seconds"
    yield say(f"run_left_{unit}", language, hours=hours, minutes=minutes)


def _pictures(paths: Sequence[Path], prompts: Sequence[str]) -> Iterator[dict[str, str]]:
    for number, path in enumerate(paths):
        try:
            picture = _encoded(path, path.stat().st_mtime_ns)
        except (InvalidRequest, OSError):  # it is being written
            continue
        yield {"picture": picture, "prompt": prompts[number] if number < len(prompts) else ""}


@lru_cache(maxsize=512)
def _encoded(path: Path, _: int) -> str:
    """Return a picture as an address that carries it; what was drawn by a run needs no place among the page's files."""
    image = open_picture(path).convert("RGB")
    image.thumbnail((SIDE, SIDE))
    data = BytesIO()
    image.save(data, "WEBP", quality=88, method=0)
    return f"data:image/webp;base64,{b64encode(data.getvalue()).decode()}"
