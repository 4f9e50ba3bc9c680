"""What runs behind /canny_edges: the edges that a drawing would follow, before anything is drawn."""

from collections.abc import Callable
from typing import Any, Final

import gradio as gr
from PIL.Image import Image

from animegen.tasks import Canny
from animegen.ui import uploads
from animegen.ui.drawing import Door
from animegen.ui.refusals import sentences
from animegen.ui.texts import language, translate

NAME: Final = "canny_edges"
FIELDS: Final = ("image", "image_kind", "low_threshold", "high_threshold", "width", "height")
"""The fields of the task that its edges depend on."""


def canny_edges(studio: Door) -> Callable[..., tuple[Image, dict[str, Any]]]:
    """Return the function behind /canny_edges; its keywords are FIELDS, its image an upload."""

    def look(request: gr.Request, **values: Any) -> tuple[Image, dict[str, Any]]:
        """Show the edges that /canny would draw along, white on black and at the drawing's size; nothing is drawn.

        The details say what the picture was taken for (image_kind), the size, and notes.
        """
        tongue = language(request)
        with sentences(tongue):
            asked = Canny(**values | {"image": uploads.picture(values["image"], tongue)})
            lines, task, notes = studio.edges(asked)
            details = {"image_kind": task.image_kind, "width": task.width, "height": task.height}
            return lines, details | {"notes": [translate(note, tongue) for note in notes]}

    return look
