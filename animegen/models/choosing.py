"""The choice of a model by its name, with the reason in words. Loads no torch where there is no GPU."""

from dataclasses import dataclass

from animegen.errors import ModelUnavailable
from animegen.models.table import ModelRow, rows

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and in one sentence why it is this one."""

    row: ModelRow
    reason: str


def choose(name: str) -> Choice:
    """Return the model that ``name`` asks for; ``auto`` takes the embedded one, which runs on every machine.

    Raises ModelUnavailable, naming the choices, when the table has no such row.
    """
    table = rows()
    if name == AUTO:
        row = next(iter(table.values()))
        return Choice(row, f"{row.label} was chosen because it is embedded and needs no download and no GPU.")
    for row in table.values():
        if name in (row.name, row.source, *row.aliases):
            return Choice(row, f"{row.label} was chosen by ANIMEGEN_MODEL.")
    choices = ", ".join((AUTO, *table))
    raise ModelUnavailable(f"There is no model named '{name}'; set ANIMEGEN_MODEL to one of: {choices}.")
