"""The keys of animegen's own in a picture's settings, by the fields of the tasks."""

from collections.abc import Mapping
from typing import Final

TASK: Final = "Task"
"""Names the task where it is another than text to image."""
STRENGTH: Final = "Denoising strength"
"""How much of a source picture is drawn anew."""
SOURCE: Final = "Source"
"""Holds the sha256 of the prepared picture that a drawing began with."""
A1111: Final = (
    *("Steps", "Sampler", "Schedule type", "CFG scale", "Seed", "Size", "Model hash", "Model", STRENGTH, "Clip skip"),
    *("RNG", "Lora hashes", "Version"),
)
"""The keys of A1111 that most programs write, in its order."""
KEYS: Final[Mapping[str, str]] = {
    "emotion": "Emotion",
    "emotion_strength": "Emotion strength",
    "fit": "Fit",
    "image_kind": "Edges of",
    "from_emotion": "From emotion",
    "to_emotion": "To emotion",
    "from_strength": "From strength",
    "to_strength": "To strength",
    "emotions": "Emotions",
    "transparent": "Transparent",
    "first_strength": "First strength",
    "last_strength": "Last strength",
    "frames": "Frames",
    "frame": "Frame",
    "shared_steps": "Shared steps",
    "hair_style": "Hair style",
    "hair_colour": "Hair colour",
    "outfit": "Outfit",
    "style": "Style",
    "quality": "Quality",
    "preset": "Preset",
}
SPELLED: Final[Mapping[str, str]] = {key.lower(): key for key in (*A1111, TASK, SOURCE, *KEYS.values())}
"""The keys as they are written here, by their small letters."""
