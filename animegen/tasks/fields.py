"""The fields of requests: each is described once, where it stands, and everything else is derived from that.

Derived are the checks, the controls of the page, the options of the command line, the parameters of the script
interface, the settings that pictures carry, and the cells of batch files.
"""

import dataclasses
from dataclasses import MISSING, dataclass
from enum import IntEnum, auto
from typing import Any

from animegen.messages import Message, message
from animegen.tasks.kinds import Kind


class Group(IntEnum):
    """Where a field stands among the others."""

    PROMPT = auto()
    IMAGE = auto()
    NEGATIVE = auto()
    EMOTION = auto()
    FRAMES = auto()
    SOURCE = auto()
    LOOK = auto()
    SAMPLING = auto()
    SEED = auto()
    OUTPUT = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Spec:
    """What is known of a field: its kind, its group, its key in a picture's settings, its option on the command line.

    A field without a ``key`` of its own is not written by itself; an ``option`` is given where it is not the name.
    """

    kind: Kind
    group: Group
    key: str = ""
    option: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field of one task: its name, its spec, and its default, which may be None for "unset"."""

    name: str
    spec: Spec
    default: Any

    @property
    def kind(self) -> Kind:
        """What it takes."""
        return self.spec.kind

    @property
    def required(self) -> bool:
        """Whether a request cannot be made without it."""
        return self.default is MISSING

    @property
    def label(self) -> Message:
        """What people call it."""
        return message(f"fields.{self.name}")

    @property
    def control_label(self) -> Message:
        """What a control is labelled, which says by which value it is unset."""
        unset = self.kind.unset
        if unset is None or unset.value == "":
            return self.label
        return message("fields.with_unset", field=self.label, value=unset.value, meaning=unset.meaning)

    @property
    def help(self) -> Message:
        """What it does."""
        return message(f"fields.{self.name}_help")

    @property
    def shown_default(self) -> Any:
        """The default as scripts and controls write it, where "unset" is a value such as 0."""
        return self.default if self.default is not None or self.kind.unset is None else self.kind.unset.value


def field(kind: Kind, group: Group, default: Any = MISSING, *, key: str = "", option: str = "") -> Any:
    """Declare a field of a request."""
    spec = Spec(kind=kind, group=group, key=key, option=option)
    return dataclasses.field(default=default, metadata={"spec": spec})


def fields(task: type[Any]) -> tuple[Field, ...]:
    """Return the fields of a task in the order in which page, scripts and command line show them: required ones first.

    ``task`` is a dataclass whose fields were declared by ``field``.
    """
    found = (
        Field(name=each.name, spec=each.metadata["spec"], default=each.default) for each in dataclasses.fields(task)
    )
    return tuple(sorted(found, key=lambda each: (not each.required, each.spec.group)))
