"""What may go wrong on the way to the Hub, as values: a test hands them to the server, and then looks what is left."""

from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TypeVar

ALWAYS = 10**9


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Which requests meet the fault, by the patterns of path and method, and how many of them."""

    path: str = "*"
    method: str = "*"
    times: int = 1

    def meets(self, method: str, path: str) -> bool:
        return fnmatch(path, self.path) and fnmatch(method, self.method)


@dataclass(frozen=True, kw_only=True)
class Refused(Fault):
    """The server answers with an error instead."""

    status: int


@dataclass(frozen=True, kw_only=True)
class Replaced(Fault):
    """A page comes instead of the answer, as from a network that wants a login."""


@dataclass(frozen=True, kw_only=True)
class Dropped(Fault):
    """The connection ends after so many bytes of the body; a ``reset`` one as when a machine between them dies."""

    after: int
    reset: bool = False


@dataclass(frozen=True, kw_only=True)
class Corrupted(Fault):
    """The body's last byte arrives as another one."""


Kind = TypeVar("Kind", bound=Fault)


class Faults:
    """The faults of a server, each met as often as it says."""

    def __init__(self) -> None:
        self._known: list[Fault] = []
        self._met: Counter[Fault] = Counter()

    def add(self, fault: Fault) -> None:
        self._known.append(fault)

    def take(self, kind: type[Kind], method: str, path: str) -> Kind | None:
        """Return the fault of a kind that this request meets, if there is one."""
        for fault in self._known:
            if isinstance(fault, kind) and fault.meets(method, path) and self._met[fault] < fault.times:
                self._met[fault] += 1
                return fault
        return None
