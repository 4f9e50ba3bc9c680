"""The names that a request chooses from the tables, in the spelling of the tables."""

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
LOOK_UPS: Final[Mapping[str, Callable[[str], Any]]] = {
    **{kind: partial(feature, kind) for kind in KINDS},
    "emotion": emotion,
    "style": style,
    "quality": quality,
    "preset": preset,
}
"""The look-up for each field that holds one name."""
EMOTION_LISTS: Final = ("emotions", "from_emotion", "to_emotion")
"""The fields that hold several names of emotions."""


def normalize(task: T) -> T:
    """Return a request with every name in the spelling of its table: ``School Uniform`` becomes ``school_uniform``.

    Raises InvalidRequest for a name that is in no table, and when a sheet names an emotion twice.
    """
    one = {field: find(getattr(task, field)).name for field, find in LOOK_UPS.items() if hasattr(task, field)}
    lists = {field: _emotions(getattr(task, field)) for field in EMOTION_LISTS if hasattr(task, field)}
    return replace(task, **one | lists)


def _emotions(listed: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(listed, str):
        return ",".join(_emotions(names(listed)))
    return tuple(NEUTRAL if name.casefold() == NEUTRAL else emotion(name).name for name in listed)
