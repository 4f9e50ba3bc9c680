"""What every task asks for: whom to draw in words, how they look, and how the drawing is sampled."""

from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Final

from animegen.tasks import checks
from animegen.tasks.loras import Lora, loras

ORDER: Final = (
    *("prompt", "image", "negative_prompt"),
    *("emotions", "emotion", "emotion_strength", "from_emotion", "to_emotion", "from_strength", "to_strength"),
    *("frames", "frame", "shared_steps", "first_strength", "last_strength", "strength"),
    *("fit", "image_kind", "low_threshold", "high_threshold", "conditioning_scale", "start", "end"),
    *("transparent", "hair_style", "hair_colour", "outfit", "style", "marks", "loras", "quality", "preset"),
    *("final_prompt", "steps", "guidance_scale", "sampler", "width", "height", "count", "seed"),
)
"""The order in which page, scripts and command line ask for the fields of any task; what must be said goes first."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """The fields that every task has.

    A zero in ``steps``, ``guidance_scale``, ``width`` or ``height`` and an empty ``sampler`` mean
    "as the preset and the model have it"; ``seed`` -1 means "choose one". ``loras`` may be given as texts,
    ``NAME`` or ``NAME:WEIGHT``.

    Raises InvalidRequest with one sentence for a visitor when a value is of the wrong type or range.
    """

    prompt: str = ""
    negative_prompt: str = ""
    hair_style: str = "none"
    hair_colour: str = "none"
    outfit: str = "none"
    style: str = "none"
    quality: str = "standard"
    preset: str = "balanced"
    steps: int = 0
    guidance_scale: float = 0.0
    sampler: str = ""
    width: int = 0
    height: int = 0
    seed: int = -1
    loras: tuple[Lora, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "loras", loras(self.loras))
        checks.whole(self)
        checks.words(self)
        checks.sampling(self)


def asked(task: type[Request]) -> tuple[Field[Any], ...]:
    """Return the fields of a task in the order in which they are asked for."""
    return tuple(sorted(fields(task), key=lambda field: (field.default is not MISSING, ORDER.index(field.name))))
