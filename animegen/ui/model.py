"""What the page tells of its model: in a fold at its foot, and beside each tab what its licence rules out there."""

from collections.abc import Callable, Sequence

import gradio as gr

from animegen.messages import LANGUAGES, Language, render
from animegen.models.selection import Choice
from animegen.models.table import ForbiddenUse, ModelRow
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import TASKS, Task
from animegen.ui.controls import LIGHT, notes
from animegen.ui.texts import Bilingual, language_of, say, text


def rules(model: ModelRow, task: type[Task]) -> None:
    """Say what the model must not be used for in a task, where there is anything beside what holds for all of them."""
    if _concerning(model, task.name):
        gr.Markdown(text(_key(task.name)), elem_classes="rules")


def labels(model: ModelRow) -> dict[str, Bilingual]:
    """Return the text of every task's rules by its key, for the browser."""
    uses_by_task = {task.name: _concerning(model, task.name) for task in TASKS}
    return {
        _key(task): {language: _forbidden(model, uses, language) for language in LANGUAGES}
        for task, uses in uses_by_task.items()
        if uses
    }


def fold(studio: StudioProtocol, page: gr.Blocks, *, low_memory: bool) -> None:
    """Lay out what there is to know of the model, filled when a visitor comes: the page need not wait for torch."""
    with gr.Accordion(text("about_model"), open=False, elem_id="about_model"):
        about = notes("model")
    page.load(describe(studio, low_memory=low_memory), None, about, **LIGHT)


def describe(studio: StudioProtocol, *, low_memory: bool = False) -> Callable[[gr.Request], str]:
    """Return the function that describes the model, a sentence a line."""

    def about(request: gr.Request) -> str:
        from animegen.models import about, device

        language = language_of(request)
        placement = device.here(low_memory=low_memory)
        choice = Choice(studio.row, studio.reason)
        sentences = about.describe(
            choice, placement, public=studio.public, loaded=studio.loaded, arrived=studio.arrived
        )
        uses = [use for use in studio.row.forbidden_uses if not use.tasks]
        forbidden = [_forbidden(studio.row, uses, language)] if uses else []
        lines = [render(sentence, language) for sentence in sentences]
        return "\n".join(filter(None, [*lines, *forbidden]))

    return about


def _concerning(model: ModelRow, task: str) -> list[ForbiddenUse]:
    return [use for use in model.forbidden_uses if task in use.tasks]


def _forbidden(model: ModelRow, uses: Sequence[ForbiddenUse], language: Language) -> str:
    named = "、".join(use.label_ja for use in uses) if language == "ja" else "; ".join(use.label for use in uses)
    return say("forbidden", language, model=model.label, uses=named)


def _key(task: str) -> str:
    return f"forbidden_in_{task}"
