"""What every tab draws into: the picture, how far it is, and the pictures of the visit, once for the whole page."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import gradio as gr

from animegen.ui import visit
from animegen.ui.controls import LIGHT, Controls, text
from animegen.ui.queue import GPU, Queue
from animegen.ui.stopping import Stops
from animegen.ui.texts import table

FROM_DETAILS = """(details) => {
  const running = Boolean(details?.steps) && !details.seeds;
  const begun = running && !("before" in details);
  const phone = window.innerWidth <= 768;
  const new_here = running && !details.step && !details.placed;
  if (new_here && phone) document.getElementById("picture").scrollIntoView({block: "center"});
  const same = {__type__: "update"};
  const beside = document.querySelector("#notes textarea")?.value ?? "";
  const notes = (details?.notes ?? []).filter((note) => !beside.includes(note));
  const pressed = Array(%d).fill([{...same, interactive: !running}, {...same, interactive: running}]).flat();
  return [
    details?.message ?? "", running ? details.step / details.steps : 0,
    begun ? null : same, begun ? {...same, visible: false} : same,
    {...same, value: notes.join("\\n"), visible: notes.length > 0},
    {...same, active: running && !begun}, ...pressed,
  ];
}"""
"""Status, progress bar, notes, Draw and Stop follow the details, in the browser; a phone scrolls down to the picture.

What stands beside the prompt already is not noted twice.
"""

WAITS = """(details) => {
  const running = Boolean(details?.steps) && !details.seeds;
  const same = {__type__: "update"};
  return running ? [same, same] : [{message: %s, step: 0, steps: 1, before: details}, []];
}"""
"""From the press to the visitor's turn the details say that the request waits, and keep those that stood before.

There are no new pictures then.
"""

PLACE_SECONDS: Final = 3.0
"""Seconds between two questions of a waiting page for its place in the queue."""
PLACED = """(place, details) => {
  const waits = place && details && "before" in details;
  return waits ? {...details, message: place, placed: true} : {__type__: "update"};
}"""
"""While a request waits, the details say how many are before it; an answer that comes too late changes nothing.

Gradio would show the place in English alone, in an overlay of its own.
"""

WITHDRAWN = """(details) => {
  const same = {__type__: "update"};
  return details && "before" in details ? [Date.now(), {...details.before, message: %s}] : [same, same];
}"""
"""A stop takes a request that still waits out of the queue; what is being drawn hears of it through its Stops."""

ENDED = """(details, visit) => {
  const same = {__type__: "update"};
  if (details && "before" in details) return [same, details.before];
  return [details?.seeds ? same : visit?.[0]?.image ?? null, same];
}"""
"""After a drawing that ended without a picture, the one before stands there again instead of the last preview.

After a request that was refused before its turn, so do the details.
"""

DRAWING: dict[str, Any] = {
    "preprocess": False,  # the task checks the values itself, with better sentences
    "show_progress": "hidden",
    "concurrency_id": GPU,
    "concurrency_limit": 1,
}
"""How an event draws: one at a time, whichever tab or script asks."""


@dataclass(frozen=True, kw_only=True)
class Go:
    """The buttons that begin and end a drawing of one tab."""

    draw: gr.Button
    stop: gr.Button


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The picture and what is told about it. Labels of what the endpoints return are plain English."""

    picture: gr.Image
    compare: gr.ImageSlider
    pictures: gr.Gallery
    file: gr.DownloadButton
    details: gr.JSON
    status: gr.Textbox
    progress: gr.HTML
    remarks: gr.Textbox
    visit: gr.Gallery
    chips: dict[str, gr.Button]
    withdrawn: gr.Number
    timer: gr.Timer
    stops: Stops = field(default_factory=Stops)

    def follow(self, rooms: Sequence[Go], queue: Queue) -> None:
        """Let status, progress and the buttons of all tabs follow what is being drawn, and what waits for its turn."""
        pressed = [button for go in rooms for button in (go.draw, go.stop)]
        shown = [self.status, self.progress, self.compare, self.file, self.remarks, self.timer, *pressed]
        self.details.change(None, self.details, shown, js=FROM_DETAILS % len(rooms))
        place = gr.Textbox(visible="hidden")
        asked = self.timer.tick(queue.tell_place, None, place, **LIGHT)
        asked.then(None, [place, self.details], self.details, js=PLACED)
        self.visit.select(visit.show_again, self.visit, self.picture, **LIGHT)
        self.visit.select(None, None, self.compare, js="() => null")

    def draws(
        self, presses: Sequence[Any], stop: gr.Button | None, draw: Callable[..., Any], controls: Controls,
        outputs: Sequence[Any], **endpoint: Any,
    ) -> None:  # fmt: skip
        """Wire what begins a drawing, and what ends it."""
        waits = _spoken(WAITS, "waiting_turn")
        gr.on(list(presses), None, self.details, [self.details, self.pictures], js=waits)
        drawing = gr.on(list(presses), draw, inputs_kwargs=controls, outputs=list(outputs), **DRAWING | endpoint)
        for ended in (drawing.success, drawing.failure):
            ended(visit.remember, [self.pictures, self.visit], self.visit, **LIGHT)
            ended(None, [self.details, self.visit], [self.picture, self.details], js=ENDED)
        self.withdrawn.change(None, cancels=[drawing])
        if stop:
            stop.click(self.stops.ask, None, None, **LIGHT)
            stop.click(None, self.details, [self.withdrawn, self.details], js=_spoken(WITHDRAWN, "stopped"))


def _spoken(script: str, key: str) -> str:
    """Return a script that says a text of the page in the language that its browser prefers."""
    tongue = 'navigator.languages.find((each) => /^(en|ja)\\b/.test(each))?.slice(0, 2) ?? "en"'
    return script % f"({json.dumps(table()[key])})[{tongue}]"


def go(prefix: str = "") -> Go:
    """Lay out the buttons that begin and end a drawing."""
    with gr.Row(elem_id=f"{prefix}go", elem_classes="go"):
        draw = gr.Button(text("draw"), variant="primary", size="lg", scale=3, min_width=120, elem_id=f"{prefix}draw")
        stop = gr.Button(text("stop"), size="lg", scale=1, min_width=80, interactive=False, elem_id=f"{prefix}stop")
    return Go(draw=draw, stop=stop)


def show(*, traces: bool) -> Outcome:
    """Lay out the picture with what belongs to it; ``traces`` says whether the model can draw along its lines."""
    picture = gr.Image(
        label="Picture", format="png", type="filepath", image_mode=None, interactive=False, show_label=False,
        buttons=["download", "fullscreen"], elem_id="picture",
    )  # fmt: skip
    compare = gr.ImageSlider(
        label="Before and after", format="png", type="filepath", interactive=False, show_label=False,
        buttons=["fullscreen"], max_height=640, elem_id="compare",
    )  # fmt: skip
    progress = gr.HTML(0, html_template='<progress max="1" value="${value}"></progress>', elem_id="progress")
    with gr.Row(elem_id="told", elem_classes="chips"):
        status = gr.Textbox(
            show_label=False, container=False, interactive=False, lines=1, placeholder=" ", elem_id="status"
        )
        file = gr.DownloadButton(size="sm", visible=False, elem_id="file")
        reuse = gr.Button(text("seed_reuse"), size="sm", elem_id="reuse")
        random = gr.Button(text("seed_random"), size="sm", elem_id="random", visible=False)
        chips = {
            name: gr.Button(text(name), size="sm", elem_id=name, visible=traces or name != "trace")
            for name in ("reload", "redraw", "trace", "feel", "feel_all")
        }
    remarks = gr.Textbox(
        show_label=False, container=False, interactive=False, visible=False, lines=1, max_lines=8, elem_id="remarks",
        elem_classes="notes",
    )  # fmt: skip
    gallery = gr.Gallery(
        label="Visit", format="png", columns=6, height="auto", object_fit="cover", allow_preview=False,
        fit_columns=False, interactive=False, buttons=[], show_label=False, elem_id="visit",
    )  # fmt: skip
    pictures = gr.Gallery(label="Pictures", format="png", visible="hidden", interactive=False)
    details = gr.JSON(label="Details", visible="hidden")
    withdrawn = gr.Number(visible="hidden")
    return Outcome(
        picture=picture, compare=compare, pictures=pictures, file=file, details=details, status=status,
        progress=progress, remarks=remarks, visit=gallery, chips={"reuse": reuse, "random": random, **chips},
        withdrawn=withdrawn, timer=gr.Timer(PLACE_SECONDS, active=False),
    )  # fmt: skip
