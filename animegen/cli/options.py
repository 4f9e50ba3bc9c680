"""A task's fields as command-line options: the same names with hyphens, the same defaults, help from the fields.

A picture is named by the file that it lies in.
"""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import typer

from animegen.messages import message, render
from animegen.tasks import Field, Request, fields
from animegen.tasks.kinds import Flag, Integer, Loras, Number, Source

Rest = ParamSpec("Rest")
T = TypeVar("T", bound=Request)
KEYWORD: Final = inspect.Parameter.KEYWORD_ONLY


def takes_fields(task: type[T]) -> Callable[[Callable[Concatenate[T, Rest], None]], Any]:
    """Make a function of a task and some options of its own into a command that takes the task's fields instead.

    A field without a default and the prompt become arguments, every other one an option.
    """

    def decorate(function: Callable[Concatenate[T, Rest], None]) -> Callable[..., None]:
        own = list(inspect.signature(function).parameters.values())[1:]

        def command(**values: Any) -> None:
            request = {field.name: _open(values.pop(field.name)) for field in fields(task)}
            function(task(**request), **values)  # type: ignore[call-arg]

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        options = [_parameter(field) for field in fields(task)] + [each.replace(kind=KEYWORD) for each in own]
        command.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
        return command

    return decorate


def _parameter(field: Field) -> inspect.Parameter:
    info: Any
    if field.required:
        info = typer.Argument(help=_help(field), show_default=False, exists=True, dir_okay=False)
    elif field.name == "prompt":
        info = typer.Argument(field.default, help=_help(field), show_default=False)
    else:
        flags = [field.spec.option] if field.spec.option else []
        info = typer.Option(
            _default(field), *flags, help=_help(field), show_default=_shown(field), exists=True, dir_okay=False
        )
    return inspect.Parameter(field.name, KEYWORD, default=info, annotation=_type(field))


def _type(field: Field) -> Any:
    """Return the type by which typer reads a field."""
    match field.kind:
        case Integer():
            kind: Any = int
        case Number():
            kind = float
        case Flag():
            return bool
        case Loras():
            return list[str]
        case Source():
            kind = Path
        case _:
            kind = str
    return kind if field.default is not None else kind | None


def _default(field: Field) -> Any:
    """Return a default as one types it: names with commas between them."""
    return ",".join(field.default) if isinstance(field.default, tuple) and field.default else field.default


def _shown(field: Field) -> bool | str:
    """Return what is shown as the default: for an unset value what then holds, nothing for empty ones."""
    if field.default is None:
        return render(field.kind.unset.meaning) if field.kind.unset else False
    return field.default not in ("", ())


def _help(field: Field) -> str:
    if isinstance(field.kind, Integer | Number):
        return render(message("fields.range", help=field.help, low=field.kind.low, high=field.kind.high))
    return render(field.help)


def _open(value: Any) -> Any:
    """Return the picture of a file, and every other value as it is."""
    if not isinstance(value, Path):
        return value
    from animegen.pictures.files import open_picture

    return open_picture(value)
