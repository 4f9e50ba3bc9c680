"""The keys of a picture's settings: those of A1111, and animegen's own by the fields of the tasks."""

from collections.abc import Mapping
from typing import Final

from animegen.tasks import TASKS, fields

TASK: Final = "Task"
"""Names the task where it is another than text to image."""
STRENGTH: Final = "Denoising strength"
"""How much of a source picture is drawn anew."""
SOURCE: Final = "Source"
"""Holds the sha256 of the prepared picture that a drawing began with."""
RAW: Final = "Raw prompt"
"""Holds the prompt before its layers were added."""
A1111: Final = (
    *("Steps", "Sampler", "Schedule type", "CFG scale", "Seed", "Size", "Model hash", "Model", STRENGTH, "Clip skip"),
    *("RNG", "Lora hashes", "Version"),
)
"""The keys of A1111 that most programs write, in its order."""
KEYS: Final[Mapping[str, str]] = {
    field.name: field.spec.key for task in TASKS for field in fields(task) if field.spec.key not in ("", *A1111)
}
"""The keys of animegen's own by the fields of the tasks."""
SPELLED: Final[Mapping[str, str]] = {key.lower(): key for key in (*A1111, TASK, SOURCE, *KEYS.values())}
"""The keys as they are written here, by their small letters."""
