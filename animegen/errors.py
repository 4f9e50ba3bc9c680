"""Every error that a person may read: a message that says what happened and what to do next."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from animegen.logs import log_to_terminal
from animegen.messages import Message, message


class AnimegenError(Exception):
    """A problem that is shown to the person who made the request: a message by its id, and its values."""

    def __init__(self, id: str | Message, **values: Any) -> None:  # noqa: A002 - it is called an id everywhere
        self.message = id if isinstance(id, Message) else message(id, **values)
        super().__init__(self.message)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return str(self.message)

    def __reduce__(self) -> tuple[type[Self], tuple[Message]]:
        """Pickle the message: an error of a lent GPU's process is raised in this one."""
        return type(self), (self.message,)


class InvalidSettings(AnimegenError):
    """A variable of the environment has a value that cannot be used."""


class InvalidRequest(AnimegenError):
    """Something in the request is out of range, unknown or of the wrong type."""


class ModelUnavailable(AnimegenError):
    """The model cannot be loaded on this machine as it is set up now."""


class AdapterRefused(AnimegenError):
    """A LoRA file is damaged, of a kind that is not read, or made for another model."""


class DrawingFailed(AnimegenError):
    """The model ran and its result cannot be used (out of memory, not a number, ...)."""


class EvaluationFailed(AnimegenError):
    """A measurement cannot be made or resumed as asked."""


class DatasetRefused(AnimegenError):
    """A folder of training pictures cannot be used as it is; the message names the file and the fix."""


class CollectionFailed(AnimegenError):
    """A site of pictures refuses, cannot be reached, or sends what is not what it described."""


class TrainingFailed(AnimegenError):
    """A training run cannot go on, and its last good checkpoint is intact."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """Show the log on the terminal; leave the process with code 1 and the sentence of an error, 130 after Ctrl-C."""
    log_to_terminal()
    try:
        yield
    except AnimegenError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
