"""The whole page, and how it is served."""

from typing import Any, Final

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Canny, EmotionPath, ExpressionSheet, ImageToImage, Task, TextToImage
from animegen.training.runs import Runs
from animegen.ui import (
    api,
    canny,
    character,
    emotion_path,
    expression_sheet,
    ideas,
    image_to_image,
    model,
    picture_info,
    picture_settings,
    result_panel,
    send_to,
    text_to_image,
    tiles,
    training,
)  # fmt: skip
from animegen.ui.choices import drawable_styles, labels
from animegen.ui.controls import QUEUED, in_order
from animegen.ui.prompt_preview import follow_seed
from animegen.ui.queue import Queue
from animegen.ui.scripts import source
from animegen.ui.server import APP, Page
from animegen.ui.tab import Tab
from animegen.ui.texts import internationalisation, text
from animegen.ui.theme import css, theme

HOUR = 60 * 60
DAY = 24 * HOUR
SESSIONS = 100
"""How many visits the server remembers the components of; one more takes the place of the oldest."""
TABS: Final[dict[type[Task], Any]] = {
    TextToImage: text_to_image, ImageToImage: image_to_image, Canny: canny, EmotionPath: emotion_path,
    ExpressionSheet: expression_sheet,
}  # fmt: skip
"""The module of each task's tab, in the order of the page."""


def build(studio: StudioProtocol, *, low_memory: bool = False, runs: Runs | None = None) -> gr.Blocks:
    """Return the page for a studio, not served yet; ``low_memory`` says how its model is loaded.

    ``runs`` are the training runs that a page shows which is not public.
    """
    page = Page(title="animegen", analytics_enabled=False, delete_cache=(HOUR, DAY))
    page.api_open = False  # what waits for its turn cannot be run past the queue
    page._queue = queue = Queue(page, studio)
    traces = bool(studio.row.controlnet)
    with page:
        gr.Markdown(text("masthead"), elem_id="masthead")
        with gr.Column(elem_id="desk"):
            shared, notes = character.words()
            tabs, drawing = _tabs(studio)
            shared |= character.looks(studio)
            with gr.Column(elem_id="show"):
                offered = ideas.buttons()
                panel = result_panel.show(traces=traces)
        model.fold(studio, page, low_memory=low_memory)
        for task, tab in drawing.items():
            TABS[task].wire(studio, page, tab, shared, panel)
        character.wire(page, shared)
        text_to_image.wire_preview(studio, page, drawing[TextToImage], shared, notes)
        panel.follow([tab.buttons for tab in drawing.values()], queue)
        follow_seed(shared["seed"], panel.chips, panel.details)
        send_to.wire(studio, panel, tabs, shared, drawing)
        every = in_order(TextToImage, shared | drawing[TextToImage].controls)
        ideas.wire(offered, every, tabs)
        reload = picture_settings.settings(studio, list(every))
        panel.chips["reload"].click(reload, panel.picture, list(every.values()), preprocess=False, **QUEUED)
        with tabs, gr.Tab(text("tab_picture_info"), id="picture_info"):
            picture_info.tab(studio, every, tabs)
        if runs and not studio.public:
            with tabs, gr.Tab(text("tab_training"), id="training") as room:
                trained = training.tab()
            training.wire(studio, runs, trained, room, tabs, shared["loras"])
        api.look_ups(studio, low_memory=low_memory)
    return page


def launch_options(studio: StudioProtocol) -> dict[str, Any]:
    """Return how the page is served: for `python app.py`, for the Space, and for the tests alike."""
    return {
        "app_kwargs": APP,
        "theme": theme(),
        "css": "\n".join([css(), tiles.css(drawable_styles(studio)), ideas.css()]),
        "js": source("radios"),
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


def api_names(studio: StudioProtocol) -> tuple[str, ...]:
    """Return the names of the endpoints that scripts may call."""
    return tuple(str(fn.api_name) for fn in build(studio).fns.values() if fn.api_visibility == "public")


def _tabs(studio: StudioProtocol) -> tuple[gr.Tabs, dict[type[Task], Tab]]:
    """Lay out the tabs that draw; one that needs a ControlNet is hidden from a model without."""
    drawing: dict[type[Task], Tab] = {}
    with gr.Tabs(elem_id="rooms") as tabs:
        for task, module in TABS.items():
            visible = task is not Canny or bool(studio.row.controlnet)
            with gr.Tab(text(f"tab_{task.name}"), id=task.name, visible=visible):
                drawing[task] = module.tab(studio)
    return tabs, drawing
