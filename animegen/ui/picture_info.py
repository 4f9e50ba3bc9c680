"""The tab that reads a picture's parameters and hands them to the controls."""

import gradio as gr

from animegen.tasks import TextToImage
from animegen.ui import reading
from animegen.ui.controls import LIGHT, SPOKEN, Controls, text
from animegen.ui.drawing import Door


def tab(studio: Door, controls: Controls, tabs: gr.Tabs) -> None:
    """Lay out the tab and wire it to the controls that it can fill."""
    with gr.Row(elem_id="info"):
        picture = gr.Image(
            label=text("drop_picture"), type="filepath", image_mode=None, sources=["upload", "clipboard"],
            format="png", buttons=[], elem_id="info_picture",
        )  # fmt: skip
        with gr.Column():
            found = gr.Textbox(
                label=text("parameters"),
                lines=8,
                max_lines=16,
                interactive=False,
                buttons=["copy"],
                elem_id="parameters",
            )
            use = gr.Button(text("use_settings"), variant="primary", elem_id="use_settings")
    picture.upload(reading.parameters, picture, found, preprocess=False, **SPOKEN)
    picture.clear(lambda: "", None, found, **LIGHT)
    used = use.click(reading.settings(studio), picture, list(controls.values()), preprocess=False, **SPOKEN)
    used.success(lambda: gr.Tabs(selected=TextToImage.name), None, tabs, **LIGHT)
