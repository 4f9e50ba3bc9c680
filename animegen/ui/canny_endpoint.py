"""The edges that a drawing would follow, before anything is drawn: what runs behind /canny_edges and beside the tab."""

from collections.abc import Callable
from typing import Any, Final

import gradio as gr
from PIL.Image import Image

from animegen.errors import AnimegenError
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Canny
from animegen.ui import uploads
from animegen.ui.refusals import sentences
from animegen.ui.texts import Language, language, shown

NAME: Final = "canny_edges"
FIELDS: Final = ("image", "fit", "image_kind", "low_threshold", "high_threshold", "width", "height")
"""The fields of the task that its edges depend on."""
Seen = tuple[Image, dict[str, Any]]


def canny_edges(studio: StudioProtocol) -> Callable[..., Seen]:
    """Return the function behind /canny_edges; its keywords are FIELDS, its image an upload."""

    def look(request: gr.Request, **values: Any) -> Seen:
        """Show the edges that /canny would draw along, white on black and at the drawing's size; nothing is drawn.

        The details say what the picture was taken for (image_kind), the size, and notes.
        """
        tongue = language(request)
        with sentences(tongue):
            return _seen(studio, values, tongue)

    return look


def preview(studio: StudioProtocol) -> Callable[..., tuple[Image | None, dict[str, Any]]]:
    """Return the function that keeps the tab's edges and the notes beside them up to date; it refuses nothing."""

    def look(request: gr.Request, **values: Any) -> tuple[Image | None, dict[str, Any]]:
        tongue = language(request)
        with sentences(tongue):
            lines, notes = _noted(studio, values, tongue)
            return lines, gr.update(value="\n".join(notes), visible=bool(notes))

    return look


def _noted(studio: StudioProtocol, values: dict[str, Any], tongue: Language) -> tuple[Image | None, list[str]]:
    if not values["image"]:
        return None, []
    try:
        lines, details = _seen(studio, values, tongue)
    except AnimegenError as problem:  # nobody has asked for a picture yet, so it is a note
        return None, [shown(problem.message, tongue)]
    return lines, details["notes"]


def _seen(studio: StudioProtocol, values: dict[str, Any], tongue: Language) -> Seen:
    asked = Canny(**values | {"image": uploads.picture(values["image"], tongue)})
    lines, task, notes = studio.edges(asked)
    details = {"image_kind": task.image_kind, "width": task.width, "height": task.height}
    return lines, details | {"notes": [shown(note, tongue) for note in notes]}
