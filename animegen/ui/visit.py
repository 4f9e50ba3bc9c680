"""The pictures of one visit. They live in the visitor's own gallery on the page; the server keeps no list of them."""

import gradio as gr

KEPT = 60
"""How many pictures the gallery holds; older ones leave it."""

Pictures = list[tuple[str, str | None]] | None


def remember(new: Pictures, visit: Pictures) -> Pictures:
    """Return the gallery with the newest pictures in front."""
    return ((new or []) + (visit or []))[:KEPT]


def show_again(visit: Pictures, chosen: gr.SelectData) -> str:
    """Return the file of the picture that was clicked, as it was saved, its parameters inside."""
    return (visit or [])[int(chosen.index)][0]
