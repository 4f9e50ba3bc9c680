"""What every tab draws into: the picture, how far it is, and the pictures of the visit, once for the whole page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Any, Final

import gradio as gr
from gradio.events import Dependency

from animegen.tasks import Task
from animegen.ui import history
from animegen.ui.controls import LIGHT, Controls, in_order, notes
from animegen.ui.queue import GPU, Queue
from animegen.ui.scripts import script
from animegen.ui.stops import Stops
from animegen.ui.tab import RunButtons
from animegen.ui.texts import both, text

PLACE_SECONDS: Final = 3.0
"""Seconds between two questions of a waiting page for its place in the queue."""
CHIPS: Final = ("reload", "redraw", "trace", "feel", "feel_all")
"""What can be done with the picture that is shown, in the order of the page."""


DRAWING: dict[str, Any] = {
    "preprocess": False,  # the task checks the values itself, with better sentences
    "show_progress": "hidden",
    "concurrency_id": GPU,
    "concurrency_limit": 1,
}
"""How an event draws: one at a time, whichever tab or script asks."""


@dataclass(frozen=True, kw_only=True)
class ResultPanel:
    """The picture and what belongs to it. Labels of what the endpoints return are plain English."""

    picture: gr.Image
    compare: gr.ImageSlider
    pictures: gr.Gallery
    film: gr.File
    sprites: gr.File
    save_film: gr.DownloadButton
    save_sprites: gr.DownloadButton
    details: gr.JSON
    status: gr.Textbox
    progress: gr.HTML
    remarks: gr.Textbox
    visit: gr.Gallery
    chips: dict[str, gr.Button]
    withdrawn: gr.Number
    timer: gr.Timer
    stops: Stops = field(default_factory=Stops)

    def follow(self, buttons: Sequence[RunButtons], queue: Queue) -> None:
        """Let status, progress and the buttons of all tabs follow what is being drawn, and what waits for its turn."""
        pressed = [button for each in buttons for button in (each.draw, each.stop)]
        outputs = [
            self.status, self.progress, self.compare, self.save_film, self.save_sprites, self.remarks, self.timer,
        ]  # fmt: skip
        follows = script("follow_details", tabs=len(buttons))
        self.details.change(None, self.details, [*outputs, *pressed], js=follows)
        place = gr.Textbox(visible="hidden")
        answer = self.timer.tick(queue.tell_place, None, place, **LIGHT)
        answer.then(None, [place, self.details], self.details, js=script("show_place"))
        self.visit.select(history.show_again, self.visit, self.picture, **LIGHT)
        self.visit.select(None, None, self.compare, js=script("constant", value=None))

    def endpoint(
        self, task: type[Task], button: gr.Button, draw: Callable[..., Any], controls: Controls,
        outputs: Sequence[Any],
    ) -> Dependency:  # fmt: skip
        """Make a button's event the public endpoint of a task, whose fields are its parameters.

        From the press to its turn the page shows that the request waits.
        """
        waits = script("wait_for_turn", message=both("waiting_turn"))
        button.click(None, self.details, [self.details, self.pictures], js=waits)  # before what it waits for
        parameters = in_order(task, controls)
        described: dict[str, Any] = {"api_name": task.name, "api_description": cleandoc(task.__doc__ or "")}
        return button.click(draw, inputs_kwargs=parameters, outputs=list(outputs), **described, **DRAWING)

    def show(self, drawing: Dependency, stop: gr.Button | None, *, page: bool = False) -> None:
        """Show what a drawing comes to, and let a button stop it.

        ``page`` says that its large picture is none of its pictures, and is kept too.
        """
        done = drawing.success
        if page:
            done = done(None, [self.picture, self.pictures], self.pictures, js=script("keep_page")).then
        for ended in (done, drawing.failure):
            ended(history.remember, [self.pictures, self.visit], self.visit, **LIGHT)
            outputs = [self.picture, self.details]
            ended(None, [self.details, self.visit], outputs, js=script("end_drawing"))
        self.withdrawn.change(None, cancels=[drawing])
        if stop:
            stop.click(self.stops.request, None, None, **LIGHT)
            withdraw = script("withdraw", message=both("stopped"))
            stop.click(None, self.details, [self.withdrawn, self.details], js=withdraw)


def show(*, traces: bool) -> ResultPanel:
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
        film, sprites = (
            gr.DownloadButton(str(text(name)), size="sm", visible=False, elem_id=name)
            for name in ("film_save", "sprites_save")
        )
        chips = {
            "reuse": gr.Button(text("seed_reuse"), size="sm", elem_id="reuse"),
            "random": gr.Button(text("seed_random"), size="sm", elem_id="random", visible=False),
        }
        for name in CHIPS:
            chips[name] = gr.Button(text(name), size="sm", elem_id=name, visible=traces or name != "trace")
    remarks = notes("remarks", visible=False)
    visit = gr.Gallery(
        label="Visit", format="png", columns=6, height="auto", object_fit="cover", allow_preview=False,
        fit_columns=False, interactive=False, buttons=[], show_label=False, elem_id="visit",
    )  # fmt: skip
    unseen: dict[str, Any] = {"visible": "hidden", "interactive": False}
    return ResultPanel(
        picture=picture, compare=compare, progress=progress, status=status, save_film=film, save_sprites=sprites,
        chips=chips, remarks=remarks, visit=visit, pictures=gr.Gallery(label="Pictures", format="png", **unseen),
        film=gr.File(label="Film", **unseen), sprites=gr.File(label="Sprites", **unseen),
        details=gr.JSON(label="Details", visible="hidden"), withdrawn=gr.Number(visible="hidden"),
        timer=gr.Timer(PLACE_SECONDS, active=False),
    )  # fmt: skip
