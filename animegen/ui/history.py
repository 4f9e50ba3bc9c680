"""The pictures of one visit. They live in the visitor's own gallery on the page; the server keeps no list of them."""

from pathlib import Path

import gradio as gr

from animegen.errors import InvalidRequest
from animegen.ui import uploads
from animegen.ui.errors import show_errors
from animegen.ui.texts import language_of

KEPT = 60
"""How many pictures the gallery holds; older ones leave it."""
KINDS = (".png", ".gif", ".webp")
"""What pictures and films of the visit are; gradio would read other kinds, such as SVG, in its own way."""

Pictures = list[tuple[str, str | None]] | None


def remember(new: Pictures, visit: Pictures) -> Pictures:
    """Return the gallery with the newest pictures in front; those that have expired, or were never drawn, leave it."""
    return [each for each in (new or []) + (visit or []) if _drawn(each[0])][:KEPT]


def show_again(visit: Pictures, chosen: gr.SelectData, request: gr.Request) -> str:
    """Return the file of the picture that was clicked, as it was saved, its parameters inside."""
    with show_errors(language_of(request)):
        known = dict(enumerate(path for path, _ in visit or []))
        if not (isinstance(chosen.index, int) and _drawn(known.get(chosen.index))):
            raise InvalidRequest("page.choose_picture")
        return known[chosen.index]


def _drawn(path: str | None) -> bool:
    return bool(path) and Path(str(path)).suffix in KINDS and uploads.here(path)
