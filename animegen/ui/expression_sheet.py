"""The tab that draws one character in every emotion, for a game: a labelled page, the sprites, and lines for Ren'Py."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import gradio as gr

from animegen.errors import InvalidRequest
from animegen.pictures.sprites import USUAL, check
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ExpressionSheet
from animegen.ui import browser_state
from animegen.ui.choices import choices, joined
from animegen.ui.controls import Controls, slider
from animegen.ui.drawing import Finish, handler
from animegen.ui.result_panel import ResultPanel
from animegen.ui.results import sheet
from animegen.ui.scripts import script
from animegen.ui.tab import Tab, run_buttons
from animegen.ui.texts import text

PREFIX = "sheet_"
OFFERED: Final = ExpressionSheet.emotions
"""The emotions of a whole sheet, the neutral face first."""


@dataclass(frozen=True, kw_only=True)
class SheetTab(Tab):
    """The tab with the lines for Ren'Py in their fold."""

    lines: gr.Code
    fold: gr.Accordion


def tab(_: StudioProtocol) -> SheetTab:
    """Lay out the tab."""
    buttons = run_buttons(PREFIX)
    with gr.Column(elem_classes="more"):
        with gr.Accordion(text("renpy"), open=False, visible=False, elem_id="renpy") as fold:
            lines = gr.Code(
                language="python", interactive=False, show_label=False, max_lines=20, wrap_lines=True, buttons=["copy"],
                elem_id="renpy_lines",
            )  # fmt: skip
        own = _options()
    return SheetTab(controls=own, buttons=buttons, lines=lines, fold=fold)


def wire(studio: StudioProtocol, page: gr.Blocks, tab: SheetTab, character: Controls, panel: ResultPanel) -> None:
    """Wire the tab to what it draws into; the lines of the last sheet stay, whatever another tab draws."""
    outputs = [panel.picture, panel.pictures, panel.sprites, panel.details]
    draw = handler(studio, ExpressionSheet, panel.stops, prepare_sheet, outputs=len(outputs))
    drawing = panel.endpoint(ExpressionSheet, tab.buttons.draw, draw, character | tab.controls, outputs)
    panel.show(drawing, tab.buttons.stop, page=True)
    drawing.success(None, [panel.sprites, panel.details], panel.save_sprites, js=script("offer_file"))
    panel.details.change(None, panel.details, [tab.lines, tab.fold], js=script("show_renpy"))
    browser_state.remember(page, ExpressionSheet.name, tab.controls, accepts)


def accepts(emotions: Any = OFFERED, **values: Any) -> None:
    """Raise InvalidRequest where the tab would not draw with a value."""
    if not (isinstance(emotions, list | tuple) and all(each in OFFERED for each in emotions)):
        raise InvalidRequest("page.choose_emotion")
    prepare_sheet(**{"prompt": "-", "emotions": emotions} | values)


def prepare_sheet(emotions: Any, **values: Any) -> tuple[ExpressionSheet, Finish]:
    """Return the task of a sheet, and how its pictures are shown."""
    task = ExpressionSheet(**values, emotions=joined(emotions, OFFERED))
    check(task.character)
    return task, partial(sheet, task=task)


def _options() -> Controls:
    offers = [(text("neutral"), OFFERED[0]), *(offer for offer in choices("emotion") if offer[1] in OFFERED)]
    emotions = gr.CheckboxGroup(
        offers, value=list(OFFERED), label=text("sheet_emotions"), elem_id="sheet_emotions", elem_classes="pills"
    )
    strength = slider(ExpressionSheet, "emotion_strength", PREFIX)
    transparent = gr.Checkbox(False, label=text("transparent"), elem_id="sheet_transparent")
    name = gr.Textbox(USUAL, label=text("character"), info=text("character_info"), elem_id="sheet_character")
    return {"emotions": emotions, "emotion_strength": strength, "transparent": transparent, "character": name}
