"""The tab that reads the parameters of a picture or a film and hands them to the controls."""

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import TextToImage
from animegen.ui import reading
from animegen.ui.controls import LIGHT, SPOKEN, Controls, text


def tab(studio: StudioProtocol, controls: Controls, tabs: gr.Tabs) -> None:
    """Lay out the tab and wire it to the controls that it can fill."""
    with gr.Row(elem_id="info"):
        with gr.Column():
            picture = gr.Image(
                label=text("drop_picture"), type="filepath", image_mode=None, sources=["upload", "clipboard"],
                format="png", buttons=[], elem_id="info_picture",
            )  # fmt: skip
            film = gr.UploadButton(str(text("choose_film")), file_types=[".mp4"], size="sm", elem_id="info_film")
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
    for file in (picture, film):
        file.upload(reading.parameters, file, found, preprocess=False, **SPOKEN)
    film.upload(lambda: None, None, picture, **LIGHT)
    picture.clear(lambda: "", None, found, **LIGHT)
    used = use.click(reading.settings(studio), found, list(controls.values()), preprocess=False, **SPOKEN)
    used.success(lambda: gr.Tabs(selected=TextToImage.name), None, tabs, **LIGHT)
