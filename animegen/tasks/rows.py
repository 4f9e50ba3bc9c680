"""A request from a row of text, such as a line of a batch file: "3" is a 3."""

from collections.abc import Mapping
from typing import Any, TypeVar

from animegen.errors import InvalidRequest
from animegen.tasks.fields import fields
from animegen.tasks.request import Request

T = TypeVar("T", bound=Request)


def read_row(task: type[T], row: Mapping[str, str], **opened: Any) -> T:
    """Return the request that a row stands for; an empty cell is unset, and ``opened`` are values that are no text.

    Raises InvalidRequest for a column that the task does not have, and for a value that it does not take.
    """
    known = {each.name: each for each in fields(task)}
    if unknown := [name for name in row if name not in known]:
        raise InvalidRequest("tasks.unknown_column", name=unknown[0], choices=tuple(known))
    cells = {name: known[name].kind.parse(text) for name, text in row.items() if text.strip()}
    missing = {each.name: "" for each in known.values() if each.required and each.name not in {*cells, *opened}}
    return task(**missing | cells | opened)
