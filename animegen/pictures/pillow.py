"""How Pillow answers files that are damaged or made to be: what it raises, and warnings that nobody reads."""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

DAMAGED: Final = (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError, struct.error)
"""What Pillow raises on files that are damaged, or made to be."""


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Pillow from printing warnings, with paths of this machine in them, before the sentence that a visitor reads.

    Threads may overlap: all that can be left behind is the filter itself, which concerns Pillow alone.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield
