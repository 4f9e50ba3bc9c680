"""From a sheet's pictures to its page, sprites and zip: what runs behind /expression_sheet, without a component."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from animegen.sprites import archive, page, snippet
from animegen.tasks import ExpressionSheet, Picture, Preview
from animegen.ui.drawing import marked, progress, result, together
from animegen.ui.filming import served
from animegen.ui.texts import Language

Posed = tuple[Any, Any, Any, dict[str, Any]]
"""The labelled page, the sprites, the zip of them, and the details, in which the lines for Ren'Py stand."""


def posed(
    events: Iterator[Preview | Picture], task: ExpressionSheet, character: str, tongue: Language
) -> Iterator[Posed]:
    """Yield the previews, then the page of all pictures, the sprites, and the zip for a game."""
    pictures: list[Picture] = []
    for event in events:
        if isinstance(event, Preview):
            yield together(event.images), gr.skip(), gr.skip(), progress(event, tongue)
        else:
            pictures.append(event)
    packed = served(archive(pictures, character), f"{character}.zip")
    told = result(pictures, tongue) | {"renpy": snippet(pictures, character)}
    yield marked([page(pictures, task)])[0], marked(pictures), packed, told
