"""A picture's settings as text: written and read in A1111's form, and made into a request again."""

from animegen.infotext.foreign import rewritten
from animegen.infotext.hidden import hidden
from animegen.infotext.keys import TASK
from animegen.infotext.reading import Parameters, read
from animegen.infotext.restore import WORDS_ALONE, same_source, to_request, to_task
from animegen.infotext.writing import write

__all__ = [
    "TASK", "WORDS_ALONE", "Parameters", "hidden", "read", "rewritten", "same_source", "to_request", "to_task", "write",
]  # fmt: skip
