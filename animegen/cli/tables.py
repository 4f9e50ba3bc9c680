"""The verbs that show and draw nothing: models, emotions, styles, and the layers of a prompt."""

from rich.console import Console
from rich.table import Table


def models() -> None:
    """Show the models, and mark the one that is used here."""
    from animegen.models.table import choose, rows
    from animegen.settings import settings

    choice = choose(settings().model)
    table = _table("", "name", "model", "size", "licence", "not allowed")
    for row in rows().values():
        size = f"{row.native_size} px"
        table.add_row(
            "*" if row is choice.row else "", row.name, row.label, size, row.licence, "; ".join(row.forbidden_uses)
        )
    console = Console()
    console.print(table)
    console.print(choice.reason)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
