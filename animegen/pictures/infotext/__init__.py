"""A picture's settings as text: written and read in A1111's form, and made into a request again."""

from animegen.pictures.infotext.foreign import rewritten
from animegen.pictures.infotext.hidden import hidden
from animegen.pictures.infotext.keys import TASK
from animegen.pictures.infotext.reader import Parameters, read
from animegen.pictures.infotext.restore import WORDS_ALONE, same_source, to_request, to_task
from animegen.pictures.infotext.writer import write

__all__ = [
    "TASK", "WORDS_ALONE", "Parameters", "hidden", "read", "rewritten", "same_source", "to_request", "to_task", "write",
]  # fmt: skip
