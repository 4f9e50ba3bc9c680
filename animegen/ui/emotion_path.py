"""The tab that draws what lies between two emotions, and a picture through several of them, as frames and a film."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import gradio as gr
from gradio.events import Dependency

from animegen.pictures.films import FORMATS, NONE
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Animation, EmotionPath
from animegen.ui import browser_state, controls, model
from animegen.ui.choices import choices, joined
from animegen.ui.controls import ENDS, Controls, hidden, slider
from animegen.ui.drawing import Finish, handler
from animegen.ui.prompt_preview import follow_strength
from animegen.ui.result_panel import ResultPanel
from animegen.ui.results import frames
from animegen.ui.scripts import script
from animegen.ui.tab import Tab, run_buttons
from animegen.ui.texts import text

PREFIX = "path_"
THROUGH = ["calm", "surprised", "happy"]
"""The emotions that an animation begins with."""
GROWING: Final = ("first_strength", "last_strength")
FILM: Final = ("film", "frame_rate", "ping_pong")
"""The options of the film."""
MOVING: Final = ("gif", "webp")
"""The films that a browser shows as a picture."""


@dataclass(frozen=True, kw_only=True)
class PathTab(Tab):
    """The tab with the controls of an animation, which shares the picture, and the button that draws it."""

    animation: Controls
    animate: gr.Button


def tab(studio: StudioProtocol) -> PathTab:
    """Lay out the tab."""
    buttons = run_buttons(PREFIX)
    with gr.Column(elem_classes="more"):
        own = controls.pickers(studio, ENDS, PREFIX)
        own["frames"] = slider(EmotionPath, "frames", PREFIX, value=5)
        with gr.Accordion(text("film"), open=False, elem_id="path_film"):
            own |= _film()
        with gr.Accordion(text("path_source"), open=False, elem_id="path_source"):
            own["image"] = controls.source(PREFIX)
            own["strength"], own["steps_drawn"] = controls.strength(PREFIX)
            own["fit"] = controls.fit(PREFIX)
        with gr.Accordion(text("animation"), open=False, elem_id="path_animation"):
            animation, animate = _animation()
            model.rules(studio.row, Animation)
    own |= hidden(EmotionPath, "frame", "shared_steps")
    return PathTab(controls=own, buttons=buttons, animation=own | animation, animate=animate)


def wire(studio: StudioProtocol, page: gr.Blocks, tab: PathTab, character: Controls, panel: ResultPanel) -> None:
    """Wire the tab to what it draws into."""
    outputs = [panel.picture, panel.pictures, panel.film, panel.details]
    path = handler(studio, EmotionPath, panel.stops, prepare_path, outputs=len(outputs))
    drawing = panel.endpoint(EmotionPath, tab.buttons.draw, path, character | tab.controls, outputs)
    panel.show(drawing, tab.buttons.stop)
    _show_film(drawing, panel)
    moving = handler(studio, Animation, panel.stops, prepare_animation, outputs=len(outputs))
    drawing = panel.endpoint(Animation, tab.animate, moving, character | tab.animation, outputs)
    panel.show(drawing, None)
    _show_film(drawing, panel)
    follow_strength(studio, page, character | tab.controls, tab.controls["steps_drawn"])
    names = (*ENDS, "from_strength", "to_strength", "frames", "strength", "fit", *FILM)
    browser_state.remember(page, EmotionPath.name, {name: tab.controls[name] for name in names}, accepts)


def accepts(**values: Any) -> None:
    """Raise InvalidRequest where the tab would not draw with a value."""
    EmotionPath(**{"prompt": "-"} | values)


def prepare_path(**values: Any) -> tuple[EmotionPath, Finish]:
    """Return the task of a path, and how its frames are shown."""
    task = EmotionPath(**values)
    return task, partial(frames, task=task)


def prepare_animation(emotions: Any, **values: Any) -> tuple[Animation, Finish]:
    """Return the task of an animation, and how its frames are shown."""
    task = Animation(**values, emotions=joined(emotions))
    return task, partial(frames, task=task)


def _show_film(drawing: Dependency, panel: ResultPanel) -> None:
    """Show the film in place of its frames where a picture can be one, and the button that saves it."""
    show = script("show_film", moving=MOVING)
    drawing.success(None, [panel.film, panel.details], [panel.picture, panel.save_film], js=show)


def _film() -> Controls:
    offers = [(text(f"film_{kind}"), kind) for kind in (NONE, *FORMATS)]
    kind = gr.Radio(offers, value="webp", label=text("film_kind"), elem_id="path_film_kind", elem_classes="pills")
    rate = slider(EmotionPath, "frame_rate", PREFIX)
    back = gr.Checkbox(True, label=text("ping_pong"), elem_id="path_ping_pong")
    return {"film": kind, "frame_rate": rate, "ping_pong": back}


def _animation() -> tuple[Controls, gr.Button]:
    gr.Markdown(text("animation_info"))
    emotions = gr.Dropdown(
        choices("emotion"), value=THROUGH, multiselect=True, max_choices=8, label=text("emotions"),
        elem_id="path_emotions",
    )  # fmt: skip
    strength = slider(Animation, "emotion_strength", "animation_")
    frames = slider(Animation, "frames", "animation_")
    with gr.Row():
        ends = {name: slider(Animation, name) for name in ("first_strength", "last_strength")}
    own = {"emotions": emotions, "emotion_strength": strength, "frames": frames, **ends, **hidden(Animation, "frame")}
    return own, gr.Button(text("animate"), elem_id="animate")
