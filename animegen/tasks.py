"""What can be asked for and what comes back: frozen values that page, command line, API and batch share.

A task checks types and ranges the moment it is built; what depends on the model or on the tables
(size step, names of emotions, styles, presets and samplers) is checked by the studio before it draws.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from animegen.errors import InvalidRequest

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PROMPT = 4_000
MAX_SEED = 2**32 - 1
CHOSEN = ("emotion", "hair_style", "hair_colour", "outfit", "style", "quality", "preset", "sampler")
"""The fields that hold a name out of a table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextToImage:
    """Draw a character from words.

    A zero in ``steps``, ``guidance_scale``, ``width`` or ``height`` and an empty ``sampler`` mean
    "as the preset and the model have it"; ``seed`` -1 means "choose one". A filled ``final_prompt``
    is drawn as it stands instead of the layers (``prompt``, hair and outfit, ``emotion``, ``style``, ``quality``).

    Raises InvalidRequest with one sentence for a visitor when a value is of the wrong type or range.
    """

    name: ClassVar[str] = "text_to_image"

    prompt: str
    negative_prompt: str = ""
    emotion: str = "none"
    emotion_strength: float = 0.8
    hair_style: str = "none"
    hair_colour: str = "none"
    outfit: str = "none"
    style: str = "none"
    quality: str = "standard"
    preset: str = "balanced"
    final_prompt: str = ""
    steps: int = 0
    guidance_scale: float = 0.0
    sampler: str = ""
    width: int = 0
    height: int = 0
    count: int = 1
    seed: int = -1

    def __post_init__(self) -> None:
        _text("The prompt", self.prompt)
        _text("The negative prompt", self.negative_prompt)
        _text("The final prompt", self.final_prompt)
        for name in CHOSEN:
            _text(f"The {name.replace('_', ' ')}", getattr(self, name), limit=100)
        if not (self.prompt.strip() or self.final_prompt.strip()):
            raise InvalidRequest("The prompt is empty; say what to draw, for example '1girl, blue hair, smile'.")
        _number("The emotion strength", self.emotion_strength, 0, 1)
        _integer("The number of steps", self.steps, 1, 150, zero_means="the preset's")
        _number("The guidance scale", self.guidance_scale, 0, 30)
        _integer("The width", self.width, 64, 2048, zero_means="the model's own")
        _integer("The height", self.height, 64, 2048, zero_means="the model's own")
        _integer("The number of pictures", self.count, 1, 16)
        _integer("The seed", self.seed, -1, MAX_SEED)


Task = TextToImage
TASKS: tuple[type[Task], ...] = (TextToImage,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """How far a drawing is: ``step`` of ``steps`` done, and a small rough picture for each of the batch."""

    step: int
    steps: int
    images: tuple["Image", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A finished picture and the task that draws it again.

    ``task`` is the request with everything resolved: seed, steps, size, sampler and final prompt are
    filled and ``count`` is 1. ``model`` names the base it was drawn with; ``notes`` are sentences for the visitor.
    """

    image: "Image"
    task: Task
    model: str
    notes: tuple[str, ...] = ()

    @property
    def seed(self) -> int:
        """The seed that was used, never -1."""
        return self.task.seed


def _text(label: str, value: Any, limit: int = MAX_PROMPT) -> None:
    if not isinstance(value, str):
        raise InvalidRequest(f"{label} must be text, not {type(value).__name__}.")
    if len(value) > limit:
        raise InvalidRequest(f"{label} has {len(value):,} characters; use at most {limit:,}.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest(f"{label} holds half a character (a lone surrogate); type it again.") from error


def _number(label: str, value: Any, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidRequest(f"{label} must be a number from {low} to {high}.")
    if not low <= value <= high:
        raise InvalidRequest(f"{label} is {value}; choose a number from {low} to {high}.")


def _integer(label: str, value: Any, low: int, high: int, zero_means: str = "") -> None:
    hint = f"from {low} to {high}" + (f", or 0 for {zero_means}" if zero_means else "")
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidRequest(f"{label} must be a whole number {hint}.")
    if not (low <= value <= high or (zero_means and value == 0)):
        raise InvalidRequest(f"{label} is {value}; choose a whole number {hint}.")
