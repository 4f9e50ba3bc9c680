"""What is told of a model before it is loaded: why it is this one, its licence, where it runs, and its memory."""

from typing import Final

from animegen.models import memory
from animegen.models.device import Placement
from animegen.models.selection import Choice
from animegen.models.table import ModelRow

GB: Final = 10**9


def sentences(
    choice: Choice,
    placement: Placement,
    *,
    public: bool = False,
    loaded: bool = False,
    arrived: tuple[int, int] = (0, 0),
) -> tuple[str, ...]:
    """Return all of it, a sentence each; what is free is no news any more once the model is ``loaded``.

    ``arrived`` are the bytes of its files that are here, and all of them. Where it draws for the ``public``, its safety
    checker counts.
    """
    row, (here, wanted) = choice.row, arrived
    coming = f"{here / GB:.1f} of {wanted / GB:.1f} GB of its files have arrived." if here < wanted else ""
    needs = memory.sentences(row, placement, public=public, loaded=loaded)
    return tuple(filter(None, (choice.reason, coming, _licence(row), placement.reason, *needs)))


def _licence(row: ModelRow) -> str:
    if row.licence == "unknown":
        return "Its licence is not known here; ask whoever made it."
    return f"Its licence is {row.licence}."
