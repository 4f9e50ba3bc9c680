"""A tab that draws: the controls of its own task, and the buttons that begin and end a drawing."""

from dataclasses import dataclass

import gradio as gr

from animegen.ui.controls import Controls
from animegen.ui.texts import text


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
