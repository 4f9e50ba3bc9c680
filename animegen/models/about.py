"""What is told of a model before it is loaded: why it is this one, its licence, where it runs, and its memory."""

from animegen.models import memory
from animegen.models.choosing import Choice
from animegen.models.device import Placement
from animegen.models.table import ModelRow


def sentences(choice: Choice, placement: Placement, *, loaded: bool = False) -> tuple[str, ...]:
    """Return all of it, a sentence each; what is free is no news any more once the model is ``loaded``."""
    row = choice.row
    told = (choice.reason, _licence(row), placement.reason, *memory.sentences(row, placement, loaded=loaded))
    return tuple(filter(None, told))


def _licence(row: ModelRow) -> str:
    if row.licence == "unknown":
        return "Its licence is not known here; ask whoever made it."
    return f"Its licence is {row.licence}."
