"""The whole page, and how it is served."""

from typing import Any

import gradio as gr

from animegen.settings import settings
from animegen.studio import Studio
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Canny, EmotionPath, ExpressionSheet, ImageToImage, TextToImage
from animegen.ui import (
    api,
    canny,
    emotion_path,
    expression_sheet,
    image_to_image,
    model,
    picture_endpoints,
    picture_info,
    sending,
    text_to_image,
    tiles,
)  # fmt: skip
from animegen.ui.choices import labels
from animegen.ui.controls import text
from animegen.ui.outcome import show
from animegen.ui.queue import Queue
from animegen.ui.server import APP, Page
from animegen.ui.texts import internationalisation
from animegen.ui.theme import css, radios, theme

HOUR = 60 * 60
DAY = 24 * HOUR
SESSIONS = 100
"""How many visits the server remembers the components of; one more takes the place of the oldest."""


def build(studio: StudioProtocol) -> gr.Blocks:
    """Return the page for a studio, not served yet."""
    page = Page(title="animegen", analytics_enabled=False, delete_cache=(HOUR, DAY))
    page.api_open = False  # what waits for its turn cannot be run past the queue
    page._queue = queue = Queue(page, studio)
    with page:
        gr.Markdown(text("masthead"), elem_id="masthead")
        with gr.Column(elem_id="desk"):
            with gr.Tabs(elem_id="rooms") as tabs:
                with gr.Tab(text("tab_text_to_image"), id=TextToImage.name):
                    words = text_to_image.tab(studio)
                with gr.Tab(text("tab_image_to_image"), id=ImageToImage.name):
                    picture = image_to_image.tab(studio)
                with gr.Tab(text("tab_canny"), id=Canny.name, visible=bool(studio.row.controlnet)):
                    lines = canny.tab(studio)
                with gr.Tab(text("tab_emotion_path"), id=EmotionPath.name):
                    path = emotion_path.tab(studio)
                with gr.Tab(text("tab_expression_sheet"), id=ExpressionSheet.name):
                    sheet = expression_sheet.tab(studio)
                with gr.Tab(text("tab_picture_info"), id="picture_info"):
                    picture_info.tab(studio, words.controls, tabs)
            with gr.Column(elem_id="show"):
                outcome = show(traces=bool(studio.row.controlnet))
        model.line(studio, page)
        text_to_image.wire(studio, page, words, outcome)
        image_to_image.wire(studio, page, picture, outcome)
        canny.wire(studio, page, lines, outcome)
        emotion_path.wire(studio, page, path, outcome)
        expression_sheet.wire(studio, page, sheet, outcome)
        outcome.follow([words.go, picture.go, lines.go, path.go, sheet.go], queue)
        sending.wire(studio, outcome, tabs, picture.controls, lines.controls, path.controls, sheet.controls)
        picture_endpoints.add(studio)
        api.look_ups(studio)
    return page


def launch_options(studio: StudioProtocol) -> dict[str, Any]:
    """Return how the page is served: for `python app.py`, for the Space, and for the tests alike."""
    return {
        "app_kwargs": APP,
        "theme": theme(),
        "css": f"{css()}\n{tiles.css(studio.row)}",
        "js": radios(),
        "i18n": internationalisation(labels() | model.labels(studio.row)),
        "footer_links": ["api"],
        "run_history": False,
        "show_error": False,
        "enable_monitoring": False,
        "max_file_size": "20mb",
        "ssr_mode": False,
        "pwa": False,
        "state_session_capacity": SESSIONS,
    }


def api_names() -> tuple[str, ...]:
    """Return the names of the endpoints that scripts may call."""
    page = build(Studio.load(settings()))
    return tuple(str(fn.api_name) for fn in page.fns.values() if fn.api_visibility == "public")
