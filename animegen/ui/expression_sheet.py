"""The tab that draws one character in every emotion, for a game: a labelled page, the sprites, and lines for Ren'Py."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from animegen.pictures.sprites import USUAL, check
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ExpressionSheet
from animegen.ui import controls as lay
from animegen.ui import loras, memory
from animegen.ui.choices import choices, joined
from animegen.ui.controls import LOOKS, Controls, in_order, text
from animegen.ui.drawing import Shown
from animegen.ui.outcome import Go, Outcome, go
from animegen.ui.posing import expression_sheet, saved
from animegen.ui.refusals import sentences
from animegen.ui.texts import Language, language

PREFIX = "sheet_"
OFFERED: Final = tuple(ExpressionSheet.emotions.split(","))
"""The emotions of a whole sheet, the neutral face first."""

LINES = """(details) => {
  const same = {__type__: "update"};
  return details?.renpy ? [details.renpy, {...same, visible: true}] : [same, same];
}"""
"""The lines of the last sheet stay on its tab, whatever another one draws."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """The tab's controls, the buttons beside them, and the lines for Ren'Py in what they are folded into."""

    controls: Controls
    go: Go
    lines: gr.Code
    fold: gr.Accordion


def tab(studio: StudioProtocol) -> Room:
    """Lay out the tab."""
    model = studio.row
    with gr.Column(elem_classes="ask"):
        prompt = lay.words(PREFIX, value="")
    buttons = go(PREFIX)
    with gr.Column(elem_classes="more"):
        with gr.Accordion(text("renpy"), open=False, visible=False, elem_id="renpy") as fold:
            lines = gr.Code(
                language="python", interactive=False, show_label=False, max_lines=20, wrap_lines=True, buttons=["copy"],
                elem_id="renpy_lines",
            )  # fmt: skip
        chosen = {**lay.pickers(model, PREFIX, LOOKS), "loras": loras.fold(studio, PREFIX)}
        faces = _faces()
        sprites = _sprites()
        with gr.Accordion(text("settings"), open=False, elem_id="sheet_settings"):
            rest = {"preset": lay.speed(PREFIX), "seed": lay.seed(PREFIX), **lay.advanced(model, PREFIX)}
    task = in_order(ExpressionSheet, {"prompt": prompt, **chosen, **faces, **sprites, **rest})
    return Room(controls=task | {"character": sprites["character"]}, go=buttons, lines=lines, fold=fold)


def wire(studio: StudioProtocol, page: gr.Blocks, room: Room, outcome: Outcome) -> None:
    """Wire the tab to what it draws into."""
    outputs = [outcome.picture, outcome.pictures, outcome.file, outcome.details]
    presses = [room.go.draw.click, room.controls["prompt"].submit]
    outcome.draws(presses, room.go.stop, _draw(studio, outcome), room.controls, outputs, api_visibility="private")
    outcome.details.change(None, outcome.details, [room.lines, room.fold], js=LINES)
    memory.remember(page, ExpressionSheet, room.controls, takes=takes)


def takes(emotions: Any = OFFERED, character: Any = USUAL, **values: Any) -> None:
    """Raise InvalidRequest where the tab would not draw with a value."""
    check(character)
    ExpressionSheet(emotions=_together(emotions), **values)


def _faces() -> Controls:
    offers = [(text("neutral"), OFFERED[0]), *(offer for offer in choices("emotion") if offer[1] in OFFERED)]
    emotions = gr.CheckboxGroup(
        offers, value=list(OFFERED), label=text("sheet_emotions"), elem_id="sheet_emotions", elem_classes="pills"
    )
    strength = lay.slider("emotion_strength", 0, 1, ExpressionSheet.emotion_strength, step=0.05, prefix=PREFIX)
    return {"emotions": emotions, "emotion_strength": strength}


def _sprites() -> Controls:
    character = gr.Textbox(USUAL, label=text("character"), info=text("character_info"), elem_id="sheet_character")
    transparent = gr.Checkbox(False, label=text("transparent"), elem_id="sheet_transparent")
    return {"character": character, "transparent": transparent}


def _draw(studio: StudioProtocol, outcome: Outcome) -> Callable[..., Iterator[Shown]]:
    draw = expression_sheet(studio, outcome.stops, saved)

    def sheet(request: gr.Request, emotions: Any, **values: Any) -> Iterator[Shown]:
        with sentences(tongue := language(request)):
            chosen = _together(emotions, tongue)
        yield from draw(request, emotions=chosen, **values)

    return sheet


def _together(emotions: Any, tongue: Language = "en") -> str:
    """Return the chosen emotions in their own order, which is not that of the clicks.

    Raises InvalidRequest when there are none, or it is no choice.
    """
    chosen = emotions if isinstance(emotions, list | tuple) else ()
    return joined([name for name in OFFERED if name in chosen], tongue)
