"""A tab that draws: the controls of its own task, and the buttons that begin and end a drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

import gradio as gr
from gradio.events import Dependency

from animegen.tasks import Task
from animegen.ui.controls import Controls, in_order
from animegen.ui.queue import GPU
from animegen.ui.texts import text

DRAWING: dict[str, Any] = {
    "preprocess": False,  # the task checks the values itself, with better sentences
    "show_progress": "hidden",
    "concurrency_id": GPU,
    "concurrency_limit": 1,
}
"""How an event draws: one at a time, whichever tab or script asks."""


@dataclass(frozen=True, kw_only=True)
class RunButtons:
    """The buttons that begin and end a drawing of one tab."""

    draw: gr.Button
    stop: gr.Button


@dataclass(frozen=True, kw_only=True)
class Tab:
    """The controls of a tab's own task by their fields, beside those of the character, and its buttons."""

    controls: Controls
    buttons: RunButtons


def run_buttons(prefix: str = "") -> RunButtons:
    """Lay out the buttons that begin and end a drawing."""
    with gr.Row(elem_id=f"{prefix}go", elem_classes="go"):
        draw = gr.Button(text("draw"), variant="primary", size="lg", scale=3, min_width=120, elem_id=f"{prefix}draw")
        stop = gr.Button(text("stop"), size="lg", scale=1, min_width=80, interactive=False, elem_id=f"{prefix}stop")
    return RunButtons(draw=draw, stop=stop)


def endpoint(
    task: type[Task], button: gr.Button, draw: Callable[..., Any], controls: Controls, outputs: Sequence[Any]
) -> Dependency:  # fmt: skip
    """Make a button's event the public endpoint of a task, with the task's fields as parameters."""
    parameters = in_order(task, controls)
    described: dict[str, Any] = {"api_name": task.name, "api_description": cleandoc(task.__doc__ or "")}
    return button.click(draw, inputs_kwargs=parameters, outputs=list(outputs), **described, **DRAWING)
