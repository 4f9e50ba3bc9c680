"""A drawing along edges as the ControlNet extension of A1111 writes it: one unit, its own pairs in one value.

The model of the unit is left out: the extension wants the name of a file, and a model's ControlNet has none here.
"""

import re
from collections.abc import Mapping
from typing import Final

from animegen.tasks import Canny

KEY: Final = "ControlNet 0"
KEYS: Final[Mapping[str, str]] = {
    "conditioning_scale": "Weight",
    "low_threshold": "Threshold A",
    "high_threshold": "Threshold B",
    "start": "Guidance Start",
    "end": "Guidance End",
}
"""The extension's keys by the fields of the task."""
MODULES: Final[Mapping[str, str]] = {"edges": "none", "sketch": "invert (from white bg & black line)"}
"""The extension's preprocessors by the kinds of picture that have their lines; others have them found."""
_PAIR: Final = re.compile(r"(\w[\w ]{1,60}): ([^,]*)(?:, |$)")


def write(task: Canny) -> str:
    """Return the unit of a task; edges are found at the picture's own size, and prompt and edges count alike."""
    own = {key: str(getattr(task, field)) for field, key in KEYS.items()}
    pairs = {
        "Module": "lineart_anime" if task.lines == "lineart" else MODULES.get(task.image_kind, "canny"),
        "Weight": own.pop("Weight"),
        "Resize Mode": "Crop and Resize",
        **own,
        "Pixel Perfect": "True",
        "Control Mode": "Balanced",
    }
    return ", ".join(f"{key}: {value}" for key, value in pairs.items())


def read(unit: str) -> dict[str, str]:
    """Return the pairs of a unit as they are written."""
    return dict(_PAIR.findall(unit))
