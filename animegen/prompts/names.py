"""The names that a request chooses from the tables, spelled as these have them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

from animegen.prompts.appearance import KINDS, feature
from animegen.prompts.emotions import emotion
from animegen.prompts.presets import preset
from animegen.prompts.quality import quality
from animegen.prompts.styles import style
from animegen.tasks import Request
from animegen.tasks.paths import names
from animegen.tasks.sheets import NEUTRAL

T = TypeVar("T", bound=Request)
ONE: Final[Mapping[str, Callable[[str], Any]]] = {
    **{kind: partial(feature, kind) for kind in KINDS},
    "emotion": emotion,
    "style": style,
    "quality": quality,
    "preset": preset,
}
"""What finds the row of a field that holds one name."""
SEVERAL: Final = ("emotions", "from_emotion", "to_emotion")
"""The fields that hold names of emotions with commas between them."""


def spelled(task: T) -> T:
    """Return a request with every name as its table spells it: ``School Uniform`` is ``school_uniform``.

    Raises InvalidRequest when a name is in none of the tables, or when a sheet names an emotion twice.
    """
    one = {field: find(getattr(task, field)).name for field, find in ONE.items() if hasattr(task, field)}
    several = {field: _emotions(getattr(task, field)) for field in SEVERAL if hasattr(task, field)}
    return replace(task, **one | several)


def _emotions(text: str) -> str:
    return ",".join(NEUTRAL if name.casefold() == NEUTRAL else emotion(name).name for name in names(text))
