"""What the page tells of its model: on a line at its foot, and beside each tab what its licence rules out there."""

from collections.abc import Callable, Sequence

import gradio as gr

from animegen.models.selection import Choice
from animegen.models.table import ForbiddenUse, ModelRow
from animegen.settings import settings
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import TASKS, Task
from animegen.ui.controls import LIGHT, text
from animegen.ui.texts import LANGUAGES, Bilingual, Language, language, say, translate


def rules(model: ModelRow, task: type[Task]) -> None:
    """Say what the model must not be used for in a task, where there is anything beside what holds for all of them."""
    if _concerning(model, task.name):
        gr.Markdown(text(_key(task.name)), elem_classes="rules")


def labels(model: ModelRow) -> dict[str, Bilingual]:
    """Return the text of every task's rules by its key, for the browser."""
    found = {task.name: _concerning(model, task.name) for task in TASKS}
    return {
        _key(task): {tongue: _forbidden(model, uses, tongue) for tongue in LANGUAGES}
        for task, uses in found.items()
        if uses
    }


def line(studio: StudioProtocol, page: gr.Blocks) -> None:
    """Lay out the line about the model, which is filled when a visitor comes: the page need not wait for torch."""
    told = gr.Textbox(
        show_label=False, container=False, interactive=False, lines=1, max_lines=8, elem_id="model",
        elem_classes="notes",
    )  # fmt: skip
    page.load(describe(studio), None, told, **LIGHT)


def describe(studio: StudioProtocol) -> Callable[[gr.Request], str]:
    """Return the function that tells a visitor of the model."""

    def about(request: gr.Request) -> str:
        from animegen.models import about, device

        tongue = language(request)
        placement = device.here(low_memory=settings().low_memory)
        choice = Choice(studio.row, studio.reason)
        told = about.sentences(
            choice, placement, public=settings().public, loaded=studio.loaded, arrived=studio.arrived
        )
        uses = [use for use in studio.row.forbidden_uses if not use.tasks]
        rules = [_forbidden(studio.row, uses, tongue)] if uses else []
        return " ".join([*(translate(sentence, tongue) for sentence in told), *rules])

    return about


def _concerning(model: ModelRow, task: str) -> list[ForbiddenUse]:
    return [use for use in model.forbidden_uses if task in use.tasks]


def _forbidden(model: ModelRow, uses: Sequence[ForbiddenUse], tongue: Language) -> str:
    named = "、".join(use.label_ja for use in uses) if tongue == "ja" else "; ".join(use.label for use in uses)
    return say("forbidden", tongue, model=model.label, uses=named)


def _key(task: str) -> str:
    return f"forbidden_in_{task}"
