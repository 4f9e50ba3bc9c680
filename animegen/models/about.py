"""Facts about a model before it is loaded: why it was chosen, its licence, where it runs, and its memory."""

from typing import Final

from animegen.messages import Text, message
from animegen.models import memory
from animegen.models.device import Placement
from animegen.models.selection import Choice
from animegen.models.table import ModelRow

GB: Final = 10**9


def describe(
    choice: Choice,
    placement: Placement,
    *,
    public: bool = False,
    loaded: bool = False,
    arrived: tuple[int, int] = (0, 0),
) -> tuple[Text, ...]:
    """Return all of it; free memory is left out once the model is ``loaded``.

    ``arrived`` are the downloaded bytes of its files, and all of them. Where it draws for the ``public``, its safety
    checker counts.
    """
    row, (done, total) = choice.row, arrived
    download = [message("models.downloaded", done=done / GB, total=total / GB)] if done < total else []
    needs = memory.describe(row, placement, public=public, loaded=loaded)
    return (choice.reason, *download, _licence(row), placement.reason, *needs)


def _licence(row: ModelRow) -> Text:
    if row.licence == "unknown":
        return message("models.licence_unknown")
    return message("models.licence", licence=row.licence)
