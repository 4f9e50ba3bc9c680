"""From a sheet's pictures to its page, sprites and zip: what runs behind /expression_sheet, without a component."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from animegen.pictures.sprites import USUAL, archive, check, page, snippet
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ExpressionSheet, Picture
from animegen.ui.drawing import Finish, Shown, marked, result, told
from animegen.ui.filming import served
from animegen.ui.refusals import sentences
from animegen.ui.stopping import Stops
from animegen.ui.texts import Language, language, say


def expression_sheet(studio: StudioProtocol, stops: Stops, shows: Any = None) -> Callable[..., Iterator[Shown]]:
    """Return the function behind an expression sheet; its keywords are the task's fields and the character's name."""

    def draw(request: gr.Request, character: str = USUAL, **values: Any) -> Iterator[Shown]:
        with sentences(language(request)):
            check(character)
            task = ExpressionSheet(**values)
            yield from told(studio, task, request, stops, (shows or posed)(task, character), outputs=4)

    return draw


def posed(task: ExpressionSheet, character: str) -> Finish:
    """Return what shows a finished sheet: its page with labels, the sprites, a zip of them, and lines for Ren'Py."""

    def finish(pictures: Sequence[Picture], tongue: Language) -> Shown:
        packed = served(archive(pictures, character), f"{character}.zip")
        details = result(pictures, tongue) | {"renpy": snippet(pictures, character)}
        return marked([page(pictures, task, tongue)])[0], marked(pictures), packed, details

    return finish


def saved(task: ExpressionSheet, character: str) -> Finish:
    """Return what shows a finished sheet on the page: the visit keeps its page too, and a button saves the zip."""
    finish = posed(task, character)

    def save(pictures: Sequence[Picture], tongue: Language) -> Shown:
        whole, images, packed, details = finish(pictures, tongue)
        button = gr.DownloadButton(say("sprites_save", tongue), value=packed, visible=True)
        return whole, [whole, *images], button, details

    return save
