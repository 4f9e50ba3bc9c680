"""What the picture of a request shows and its words leave open: found, told to the model, and said."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from animegen.models.table import ModelRow
from animegen.studio import filling
from animegen.studio.zerogpu import Prepared
from animegen.tasks import Still, Task

if TYPE_CHECKING:
    from animegen.models.tokens import Tokens
    from animegen.pipelines.engine import Engine

UNFAMILIAR: Final = (
    "The picture is unlike those that this model draws, so what it shows was not recognised; describe it in the prompt."
)


def left_open(row: ModelRow, tokens: "Tokens", task: Task, texts: Sequence[str]) -> tuple[Sequence[str], ...]:
    """Return the choices of words for what a task's picture shows and its texts leave open."""
    from animegen.pipelines import zero_shot

    if filling.looked_at(row, task) is None:
        return ()
    return zero_shot.left_open(tokens, texts, row.family, task.negative_prompt)


def described(engine: "Engine", ready: Prepared) -> Prepared:
    """Return what is prepared with the words for what its picture shows and its texts leave open.

    Only the thread that draws may ask for it.
    """
    from animegen.pipelines import familiarity, zero_shot

    picture = filling.looked_at(engine.parts.row, ready.task)
    if picture is None or not ready.left_open:
        return ready
    if not familiarity.familiar(engine, picture):
        return replace(ready, notes=(*ready.notes, UNFAMILIAR))
    shown = zero_shot.pictured(engine, picture, ready.left_open)
    if not shown:
        return ready
    texts = tuple(", ".join(filter(None, (text, *shown))) for text in ready.texts)
    task = replace(ready.task, final_prompt=texts[0]) if isinstance(ready.task, Still) else ready.task
    note = f"The prompt leaves open what the picture shows; it is kept: {', '.join(shown)}."
    return replace(ready, task=task, texts=texts, notes=(*ready.notes, note))
