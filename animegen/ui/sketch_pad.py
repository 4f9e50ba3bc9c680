"""The sketch pad: a way to fill the place of a picture by drawing it, with a mouse, a pen or a finger.

Gradio's own editor keeps a drawing in the server's memory and hands it to the first event that asks, so that a second
one sees nothing. This pad sends its picture up as a file, like any other, into the place that all events read.
"""

from dataclasses import dataclass

import gradio as gr

from animegen.ui.scripts import script, source
from animegen.ui.texts import text


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What lies beside the pad."""

    tool: gr.Radio
    undo: gr.Button
    clear: gr.Button


def pad(side: int, elem_id: str) -> gr.HTML:
    """Lay out the pad; its picture is a square with this side in pixels, or has its area in another shape."""
    return gr.HTML(
        label=text("sketch_pad"), html_template=f'<canvas width="{side}" height="{side}"></canvas>', elem_id=elem_id,
        js_on_load=source("sketch_pad"),
    )  # fmt: skip


def tools(prefix: str) -> Tools:
    """Lay out what lies beside the pad."""
    offers = [(text(f"tool_{name}"), name) for name in ("pen", "eraser")]
    with gr.Row(elem_id=f"{prefix}tools", elem_classes="chips"):
        tool = gr.Radio(
            offers, value="pen", label=text("tool"), elem_id=f"{prefix}tool", elem_classes=["pills", "bare"]
        )
        undo = gr.Button(text("sketch_undo"), size="sm", elem_id=f"{prefix}undo")
        clear = gr.Button(text("sketch_clear"), size="sm", elem_id=f"{prefix}clear")
    return Tools(tool=tool, undo=undo, clear=clear)


def wire(drawn: gr.HTML, tools: Tools, image: gr.Image) -> None:
    """Wire the pad to the place of the picture: each shows what the other one was given, all of it in the browser."""

    def call(method: str) -> str:
        return script("call_pad", pad=drawn.elem_id, method=method)

    drawn.change(None, drawn, image, js=script("sketch_file"))
    image.change(None, image, None, js=call("show"))
    tools.tool.change(None, tools.tool, None, js=call("choose"))
    tools.undo.click(None, None, None, js=call("undo"))
    tools.clear.click(None, None, None, js=call("clear"))
