"""The tab that reads the parameters of a picture or a film and hands them to the controls."""

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import TextToImage
from animegen.ui import picture_settings
from animegen.ui.controls import QUEUED, Controls
from animegen.ui.scripts import script
from animegen.ui.texts import text


def tab(studio: StudioProtocol, controls: Controls, tabs: gr.Tabs) -> None:
    """Lay out the tab and wire it to the controls that it can fill."""
    with gr.Column(elem_id="info"):
        picture = gr.Image(
            label=text("drop_picture"), type="filepath", image_mode=None, sources=["upload", "clipboard"],
            format="png", buttons=[], elem_id="info_picture",
        )  # fmt: skip
        film = gr.UploadButton(str(text("choose_film")), file_types=[".mp4"], size="sm", elem_id="info_film")
        found = gr.Textbox(
            label=text("parameters"), lines=6, max_lines=16, interactive=False, buttons=["copy"], elem_id="parameters"
        )
        use = gr.Button(text("use_settings"), variant="primary", elem_id="use_settings")
    for file in (picture, film):
        file.upload(picture_settings.parameters, file, found, preprocess=False, **QUEUED)
    film.upload(None, None, picture, js=script("constant", value=None))
    picture.clear(None, None, found, js=script("constant", value=""))
    settings = picture_settings.settings(studio, list(controls))
    used = use.click(settings, found, list(controls.values()), preprocess=False, **QUEUED)
    used.success(None, None, tabs, js=script("open_tab", tab=TextToImage.name))
