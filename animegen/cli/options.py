"""A task's fields as command-line options: the same names with hyphens, the same defaults, help from a table.

A picture is said as the file that it lies in.
"""

import inspect
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

import typer

from animegen.tasks import Task, asked

Rest = ParamSpec("Rest")
T = TypeVar("T", bound=Task)
KEYWORD = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True)
class Words:
    """What is said about one option: its help, and the words for its default where the value itself says nothing.

    ``flags`` are written where the field's own name is not what one types.
    """

    help: str
    default: str = ""
    flags: tuple[str, ...] = ()


@cache
def words() -> Mapping[str, Words]:
    """Return the help of every field, by name."""
    table = tomllib.loads(resources.files("animegen.cli").joinpath("options.toml").read_text(encoding="utf-8"))
    return {name: Words(row["help"], row.get("as", ""), tuple(row.get("flags", ()))) for name, row in table.items()}


def asks_for(task: type[T], **made: Callable[..., Any]) -> Callable[[Callable[Concatenate[T, Rest], None]], Any]:
    """Make a function of a task and some options of its own into a command that takes the task's fields instead.

    A field without a default and the prompt become arguments, every other one an option. What is ``made`` has
    options in its place too: the parameters of the function that makes it.
    """
    makers = {name: (maker, _parameters(maker)) for name, maker in made.items()}

    def decorate(function: Callable[Concatenate[T, Rest], None]) -> Callable[..., None]:
        types = get_type_hints(task, localns={"Image": Path}) | {"loras": list[str]}
        fields = [_parameter(field, types[field.name]) for field in asked(task)]
        own = [each for each in _parameters(function)[1:] if each.name not in makers]
        parts = [each for _, taken in makers.values() for each in taken]

        def command(**values: Any) -> None:
            request = {field.name: _opened(values.pop(field.name)) for field in asked(task)}
            for name, (maker, taken) in makers.items():
                values[name] = maker(**{each.name: values.pop(each.name) for each in taken})
            function(task(**request), **values)  # type: ignore[call-arg]

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        options = [each.replace(kind=KEYWORD) for each in (*parts, *own)]
        command.__signature__ = inspect.Signature([*fields, *options])  # type: ignore[attr-defined]
        return command

    return decorate


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def _parameter(field: Field[Any], kind: type) -> inspect.Parameter:
    said = words()[field.name]
    if field.default is MISSING:
        info = typer.Argument(help=said.help, show_default=False, exists=True, dir_okay=False)
    elif field.name == "prompt":
        info = typer.Argument(field.default, help=said.help, show_default=False)
    else:
        shown = said.default or field.default not in ("", 0, None, ())
        info = typer.Option(field.default, *said.flags, help=said.help, show_default=shown, exists=True, dir_okay=False)
    return inspect.Parameter(field.name, KEYWORD, default=info, annotation=kind)


def _opened(value: Any) -> Any:
    """Return the picture of a file, and every other value as it is."""
    if not isinstance(value, Path):
        return value
    from animegen.pictures.files import open_picture

    return open_picture(value)
