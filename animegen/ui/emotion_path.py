"""The tab that draws what lies between two emotions, and a picture through several of them, as frames and a film."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from animegen.pictures.films import FORMATS, NONE
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Animation, EmotionPath
from animegen.ui import controls as lay
from animegen.ui import loras, memory
from animegen.ui.choices import choices, joined
from animegen.ui.controls import ENDS, Controls, in_order, text
from animegen.ui.describing import follow_strength
from animegen.ui.drawing import Shown
from animegen.ui.filming import frames, played
from animegen.ui.model import rules
from animegen.ui.outcome import Go, Outcome, go
from animegen.ui.refusals import sentences
from animegen.ui.texts import language

PREFIX = "path_"
THROUGH = ("calm", "surprised", "happy")
"""The row of emotions that an animation begins with."""
GROWING = {"first_strength": Animation.first_strength, "last_strength": Animation.last_strength}
"""How much is drawn anew in the first and in the last frame, as the task has it."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """The tab's controls: those of the path, those of its film, and those of the animation."""

    path: Controls
    film: Controls
    animation: Controls
    animate: gr.Button
    steps: gr.Textbox
    go: Go

    @property
    def controls(self) -> Controls:
        """Return the controls that another tab can fill."""
        return self.path


def tab(studio: StudioProtocol) -> Room:
    """Lay out the tab."""
    model = studio.row
    with gr.Column(elem_classes="ask"):
        prompt = lay.words(PREFIX, value="")
        with gr.Accordion(text("path_source"), open=False, elem_id="path_source"):
            image = lay.source(PREFIX)
            strength, steps = lay.strength(PREFIX)
            fit = lay.fit(PREFIX)
    buttons = go(PREFIX)
    with gr.Column(elem_classes="more"):
        chosen = {**lay.pickers(model, PREFIX, ENDS), "loras": loras.fold(studio, PREFIX)}
        with gr.Accordion(text("film"), open=False, elem_id="path_film"):
            number = lay.slider("frames", 2, 32, 5, step=1, prefix=PREFIX)
            film = _film()
        with gr.Accordion(text("settings"), open=False):
            rest = {"preset": lay.speed(PREFIX), "seed": lay.seed(PREFIX), **lay.advanced(model, PREFIX)}
        with gr.Accordion(text("animation"), open=False, elem_id="path_animation"):
            moving, animate = _animation()
            rules(model, Animation)
    shared = {"prompt": prompt, "image": image, "fit": fit, **chosen, **rest}
    return Room(
        path=in_order(EmotionPath, {"strength": strength, "frames": number, **shared}), film=film,
        animation=in_order(Animation, {**shared, **moving}), animate=animate, steps=steps,
        go=buttons,
    )  # fmt: skip


def wire(studio: StudioProtocol, page: gr.Blocks, room: Room, outcome: Outcome) -> None:
    """Wire the tab to what it draws into."""
    outputs = [outcome.picture, outcome.pictures, outcome.file, outcome.details]
    draw = frames(studio, EmotionPath, outcome.stops, played)
    presses = [room.go.draw.click, room.path["prompt"].submit]
    outcome.draws(presses, room.go.stop, draw, room.path | room.film, outputs, api_visibility="private")
    through = _through(studio, outcome)
    outcome.draws([room.animate.click], None, through, room.animation | room.film, outputs, api_visibility="private")
    follow_strength(studio, page, room.path, room.steps)
    memory.remember(page, EmotionPath, {name: each for name, each in room.path.items() if name != "image"})


def _film() -> Controls:
    offers = [(text(f"film_{kind}"), kind) for kind in (*FORMATS, NONE)]
    kind = gr.Radio(offers, value="webp", label=text("film_kind"), elem_id="path_film_kind", elem_classes="pills")
    rate = lay.slider("frame_rate", 1, 30, 8, step=1, prefix=PREFIX)
    back = gr.Checkbox(True, label=text("ping_pong"), elem_id="path_ping_pong")
    return {"film": kind, "frame_rate": rate, "ping_pong": back}


def _animation() -> tuple[Controls, gr.Button]:
    gr.Markdown(text("animation_info"))
    row = gr.Dropdown(
        choices("emotion"), value=list(THROUGH), multiselect=True, max_choices=8, label=text("emotions"),
        elem_id="path_emotions",
    )  # fmt: skip
    number = lay.slider("frames", 8, 16, 12, step=1, prefix="animation_")
    with gr.Row():
        ends = {end: lay.slider(end, 0, 1, usual, step=0.05) for end, usual in GROWING.items()}
    return {"emotions": row, "frames": number, **ends}, gr.Button(text("animate"), elem_id="animate")


def _through(studio: StudioProtocol, outcome: Outcome) -> Any:
    draw = frames(studio, Animation, outcome.stops, played)

    def animate(request: gr.Request, emotions: Any, **values: Any) -> Iterator[Shown]:
        with sentences(tongue := language(request)):
            chosen = joined(emotions, tongue)
        yield from draw(request, emotions=chosen, **values)

    return animate
