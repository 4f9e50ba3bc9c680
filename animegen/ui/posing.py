"""From a sheet's pictures to its page, sprites and zip: what runs behind /expression_sheet, without a component."""

from collections.abc import Sequence

from animegen.sprites import archive, page, snippet
from animegen.tasks import ExpressionSheet, Picture
from animegen.ui.drawing import Finish, Shown, marked, result
from animegen.ui.filming import served
from animegen.ui.texts import Language


def posed(task: ExpressionSheet, character: str) -> Finish:
    """Return what shows a finished sheet: its labelled page, the sprites, a zip of them, and lines for Ren'Py."""

    def finish(pictures: Sequence[Picture], tongue: Language) -> Shown:
        packed = served(archive(pictures, character), f"{character}.zip")
        details = result(pictures, tongue) | {"renpy": snippet(pictures, character)}
        return marked([page(pictures, task)])[0], marked(pictures), packed, details

    return finish
