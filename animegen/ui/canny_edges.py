"""The edges that a drawing would follow, before anything is drawn: for scripts, and beside the tab."""

from collections.abc import Callable
from typing import Any, Final

import gradio as gr
from PIL.Image import Image

from animegen.errors import AnimegenError
from animegen.messages import Language, render
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import LINES, Canny
from animegen.ui import uploads
from animegen.ui.errors import show_errors
from animegen.ui.texts import language_of

NAME: Final = "canny_edges"
FIELDS: Final = ("image", "fit", "image_kind", "lines", "low_threshold", "high_threshold", "width", "height")
"""The fields of the task that its edges depend on."""
Edges = tuple[Image, dict[str, Any]]


def canny_edges(studio: StudioProtocol) -> Callable[..., Edges]:
    """Return the function behind /canny_edges; its keywords are FIELDS, its image an upload."""

    def edges(request: gr.Request, image: Any = None, **values: Any) -> Edges:
        """Show the lines that /canny would draw along, white on black and at the drawing's size; nothing is drawn.

        The details name the kind of picture that was assumed (image_kind), the size, and notes.
        """
        language = language_of(request)
        with show_errors(language):
            return _edges(studio, image, values, language)

    return edges


def preview(studio: StudioProtocol) -> Callable[..., tuple[Image | None, dict[str, Any]]]:
    """Return the function that keeps the tab's edges and the notes beside them up to date; it refuses nothing."""

    def edges(request: gr.Request, image: Any, **values: Any) -> tuple[Image | None, dict[str, Any]]:
        language = language_of(request)
        shown = image and values.get("lines") != LINES[1]  # line art needs the model's weights
        with show_errors(language):
            lines, notes = _noted(studio, image, values, language) if shown else (None, [])
            return lines, gr.update(value="\n".join(notes), visible=bool(notes))

    return edges


def _noted(
    studio: StudioProtocol, image: Any, values: dict[str, Any], language: Language
) -> tuple[Image | None, list[str]]:
    try:
        lines, details = _edges(studio, image, values, language)
    except AnimegenError as problem:  # nobody has asked for a picture yet, so it is a note
        return None, [render(problem.message, language)]
    return lines, details["notes"]


def _edges(studio: StudioProtocol, image: Any, values: dict[str, Any], language: Language) -> Edges:
    lines, task, notes = studio.edges(Canny(**values, image=uploads.picture(image)))
    details = {"image_kind": task.image_kind, "width": task.width, "height": task.height}
    return lines, details | {"notes": [render(note, language) for note in notes]}
