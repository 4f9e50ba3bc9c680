"""From the picture that is shown to another tab: the character goes along, read out of the picture itself."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Canny, EmotionPath, ExpressionSheet, ImageToImage, Task
from animegen.ui import picture_settings
from animegen.ui.controls import LOOKS, QUEUED, Controls
from animegen.ui.result_panel import ResultPanel
from animegen.ui.scripts import script
from animegen.ui.tab import Tab

CHARACTER: Final = ("prompt", *LOOKS)
"""The fields that say who is drawn."""


def wire(
    studio: StudioProtocol, panel: ResultPanel, tabs: gr.Tabs, character: Controls, drawing: dict[type[Task], Tab]
) -> None:
    """Wire the buttons under the picture: to be drawn again, along its lines, or in other emotions."""
    for chip, task, fields in (
        ("redraw", ImageToImage, CHARACTER),
        ("trace", Canny, CHARACTER),
        ("feel", EmotionPath, (*CHARACTER, "seed")),
        ("feel_all", ExpressionSheet, (*CHARACTER, "seed")),
    ):
        image = drawing[task].controls.get("image")
        filled = [character[name] for name in fields] + ([image] if image else [])
        send = _sent(studio, fields, task)
        sent = panel.chips[chip].click(send, panel.picture, filled, preprocess=False, **QUEUED)
        sent.success(None, None, tabs, js=script("open_tab", tab=task.name))


def _sent(studio: StudioProtocol, fields: Sequence[str], task: type[Task]) -> Callable[..., list[Any]]:
    """Return the function that gives what is sent to a task.

    Last comes the picture, where the task has a place for it: if words alone would not draw it again, or always to
    be drawn again or along its lines.
    """
    settings = picture_settings.settings(studio, fields)

    def send(file: dict[str, Any] | None, request: gr.Request) -> list[Any]:
        from_words, from_picture = picture_settings.origin(file, request)
        values = settings(file, request) if from_words else [gr.skip()] * len(fields)
        if task is ExpressionSheet:
            return values
        return [*values, file["path"] if file and (from_picture or task in (ImageToImage, Canny)) else None]

    return send
