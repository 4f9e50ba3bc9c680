"""The choice of a model by its name, with the reason in words. Loads no torch where there is no GPU."""

from dataclasses import dataclass
from pathlib import Path

from animegen.errors import ModelUnavailable
from animegen.models import unlisted
from animegen.models.table import ModelRow, rows

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and in one sentence why it is this one."""

    row: ModelRow
    reason: str


def choose(name: str) -> Choice:
    """Return the model that ``name`` asks for: a row of the table, a folder, or `auto`.

    ``auto`` takes the embedded one, which runs on every machine.
    Raises ModelUnavailable, naming the choices, when there is no such model.
    """
    if name == AUTO:
        row = next(iter(rows().values()))
        return Choice(row, f"{row.label} was chosen because it is embedded and needs no download and no GPU.")
    row = _named(name)
    return Choice(row, f"{row.label} was chosen by ANIMEGEN_MODEL.")


def _named(name: str) -> ModelRow:
    for row in rows().values():
        if name in (row.name, row.source, *row.aliases):
            return row
    folder = Path(name)
    if folder.is_dir():
        return unlisted.row_of(folder.resolve(), folder.resolve().name, local=True)
    choices = ", ".join((AUTO, *rows()))
    raise ModelUnavailable(
        f"There is no model named '{name}'; set ANIMEGEN_MODEL to one of: {choices}; or to a folder."
    )
