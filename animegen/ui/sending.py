"""From the picture that is shown to another tab: its words and looks go along, read out of the picture itself."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Canny, EmotionPath, ExpressionSheet, ImageToImage, Task
from animegen.ui import reading
from animegen.ui.controls import LOOKS, SPOKEN, Controls
from animegen.ui.outcome import Outcome

CHARACTER = ("prompt", *LOOKS)
"""What says who is drawn."""
OPEN = "() => ({__type__: 'update', selected: '%s'})"


def wire(
    studio: StudioProtocol,
    outcome: Outcome,
    tabs: gr.Tabs,
    picture: Controls,
    lines: Controls,
    path: Controls,
    sheet: Controls,
) -> None:
    """Wire the buttons under the picture: to be drawn anew, along its lines, or in other emotions."""
    for chip, to, names, task in (
        ("redraw", picture, CHARACTER, ImageToImage),
        ("trace", lines, CHARACTER, Canny),
        ("feel", path, (*CHARACTER, "seed"), EmotionPath),
        ("feel_all", sheet, (*CHARACTER, "seed"), ExpressionSheet),
    ):
        fills = [to[name] for name in (*names, "image") if name in to]
        sent = _sent(studio, names, task)
        filled = outcome.chips[chip].click(sent, outcome.picture, fills, preprocess=False, **SPOKEN)
        filled.success(None, None, tabs, js=OPEN % task.name)


def _sent(studio: StudioProtocol, names: Sequence[str], task: type[Task]) -> Callable[..., list[Any]]:
    """Return the function that gives what is sent to a task.

    Last comes the picture, where the task has a place for it: if words alone would not draw it again, or always to
    be drawn anew or along its lines.
    """
    settings = reading.settings(studio, names)

    def send(file: dict[str, Any] | None, request: gr.Request) -> list[Any]:
        words, more = reading.origin(file, request)
        values = settings(file, request) if words else [gr.skip()] * len(names)
        if task is ExpressionSheet:
            return values
        return [*values, file["path"] if file and (more or task in (ImageToImage, Canny)) else None]

    return send
