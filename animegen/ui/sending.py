"""From the picture that is shown to another tab: its words and looks go along, read out of the picture itself."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from animegen.tasks import EmotionPath, ImageToImage
from animegen.ui import reading
from animegen.ui.controls import LOOKS, SPOKEN, Controls
from animegen.ui.drawing import Door
from animegen.ui.outcome import Outcome

CHARACTER = ("prompt", *LOOKS)
"""What says who is drawn."""
OPEN = "() => ({__type__: 'update', selected: '%s'})"


def wire(studio: Door, outcome: Outcome, tabs: gr.Tabs, picture: Controls, path: Controls) -> None:
    """Wire the buttons under the picture: to be drawn anew, or led from one emotion to another with the same seed."""
    for chip, to, names, task in (
        ("redraw", picture, CHARACTER, ImageToImage),
        ("feel", path, (*CHARACTER, "seed"), EmotionPath),
    ):
        sent = _sent(studio, names, picture_too=task is ImageToImage)
        filled = outcome.chips[chip].click(
            sent, outcome.picture, [*(to[name] for name in names), to["image"]], preprocess=False, **SPOKEN
        )
        filled.success(None, None, tabs, js=OPEN % task.name)


def _sent(studio: Door, names: Sequence[str], *, picture_too: bool) -> Callable[..., list[Any]]:
    """Return the function that gives what is sent, and last the picture, where words alone would not draw it again."""
    settings = reading.settings(studio, names)

    def send(file: dict[str, Any] | None, request: gr.Request) -> list[Any]:
        words, more = reading.origin(file, request)
        values = settings(file, request) if words else [gr.skip()] * len(names)
        return [*values, file["path"] if file and (picture_too or more) else None]

    return send
