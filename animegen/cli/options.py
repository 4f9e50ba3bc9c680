"""A task's fields as command-line options: the same names with hyphens, the same defaults, help from a table."""

import inspect
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

import typer

from animegen.tasks import Task

Rest = ParamSpec("Rest")
T = TypeVar("T", bound=Task)
KEYWORD = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True)
class Words:
    """What is said about one option: its help, and the words for its default where the value itself says nothing."""

    help: str
    default: str = ""


@cache
def words() -> Mapping[str, Words]:
    """Return the help of every field, by name."""
    table = tomllib.loads(resources.files("animegen.cli").joinpath("options.toml").read_text(encoding="utf-8"))
    return {name: Words(row["help"], row.get("as", "")) for name, row in table.items()}


def asks_for(task: type[T]) -> Callable[[Callable[Concatenate[T, Rest], None]], Callable[..., None]]:
    """Make a function of a task and some options of its own into a command that takes the task's fields instead.

    A field without a default becomes an argument, every other one an option.
    """

    def decorate(function: Callable[Concatenate[T, Rest], None]) -> Callable[..., None]:
        _, *own = inspect.signature(function).parameters.values()
        types = get_type_hints(task)
        asked = [_parameter(field, types[field.name]) for field in fields(task)]

        def command(**values: Any) -> None:
            request = {field.name: values.pop(field.name) for field in fields(task)}
            function(task(**request), **values)  # type: ignore[call-arg]

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        command.__signature__ = inspect.Signature([*asked, *(each.replace(kind=KEYWORD) for each in own)])  # type: ignore[attr-defined]
        return command

    return decorate


def _parameter(field: Field[Any], kind: type) -> inspect.Parameter:
    said = words()[field.name]
    shown = said.default or field.default not in ("", 0)
    info = (
        typer.Argument(help=said.help, show_default=False)
        if field.default is MISSING
        else typer.Option(field.default, help=said.help, show_default=shown)
    )
    return inspect.Parameter(field.name, KEYWORD, default=info, annotation=kind)
