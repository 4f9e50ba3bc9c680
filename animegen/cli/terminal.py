"""What is printed: a letter that an output cannot hold is replaced, and an output that breaks costs no picture."""

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

from animegen.messages import message

if TYPE_CHECKING:
    from rich.table import Table


def replace_letters() -> None:
    """Let both outputs replace what they cannot hold, as a pipe on Windows cannot hold Japanese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(line: object, *, err: bool = False) -> None:
    """Print a line; once an output takes no more (a closed pipe, a full disk), nothing else is printed there."""
    stream = sys.stderr if err else sys.stdout
    try:
        print(line, file=stream, flush=True)
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not err:
            say(message("cli.output_closed", reason=problem.strerror), err=True)


def columns(*names: str) -> "Table":
    """Return an empty table with these columns."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in names:
        table.add_column(column, overflow="fold")
    return table


def show(table: "Table") -> None:
    """Print a table; its texts are shown as they are, without markup or emoji codes."""
    from rich.console import Console

    Console(markup=False, emoji=False).print(table)
