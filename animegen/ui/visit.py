"""The pictures of one visit. They live in the visitor's own gallery on the page; the server keeps no list of them."""

import gradio as gr

from animegen.errors import InvalidRequest
from animegen.ui.refusals import sentences
from animegen.ui.texts import language, say

KEPT = 60
"""How many pictures the gallery holds; older ones leave it."""

Pictures = list[tuple[str, str | None]] | None


def remember(new: Pictures, visit: Pictures) -> Pictures:
    """Return the gallery with the newest pictures in front."""
    return ((new or []) + (visit or []))[:KEPT]


def show_again(visit: Pictures, chosen: gr.SelectData, request: gr.Request) -> str:
    """Return the file of the picture that was clicked, as it was saved, its parameters inside."""
    with sentences(tongue := language(request)):
        if not (visit and isinstance(chosen.index, int) and 0 <= chosen.index < len(visit)):
            raise InvalidRequest(say("choose_picture", tongue))
        return visit[chosen.index][0]
