"""The checks that every request goes through: types and ranges, each refused in one sentence for a visitor."""

import math
from dataclasses import fields
from typing import Any

from animegen.errors import InvalidRequest

MAX_PROMPT = 4_000
MAX_SEED = 2**32 - 1
FITS = ("fit", "crop", "pad")
"""How a picture of another shape fills a drawing: ``fit`` keeps the head, ``crop`` the middle, ``pad`` all of it."""
CHOSEN = ("emotion", "hair_style", "hair_colour", "outfit", "style", "marks", "quality", "preset", "sampler")
"""The fields that hold a name out of a table."""


def words(task: Any) -> None:
    """Check every field of a task that is text; what a task does not have is not checked."""
    for field in ("prompt", "negative_prompt", "final_prompt"):
        text(f"The {field.replace('_', ' ')}", getattr(task, field, ""))
    for field in CHOSEN:
        text(f"The {field.replace('_', ' ')}", getattr(task, field, ""), limit=100)


def sampling(task: Any) -> None:
    """Check the numbers that every task has: steps, guidance, size and seed."""
    integer("The number of steps", task.steps, 1, 150, zero_means="the preset's")
    number("The guidance scale", task.guidance_scale, 0, 30)
    integer("The width", task.width, 64, 2048, zero_means="the model's own")
    integer("The height", task.height, 64, 2048, zero_means="the model's own")
    integer("The seed", task.seed, -1, MAX_SEED)


def picture(value: Any, fit: Any) -> None:
    """Check that there is an opened picture, and a way to fit it; what is in it is checked where it is prepared."""
    if not (callable(getattr(value, "convert", None)) and isinstance(getattr(value, "size", None), tuple)):
        raise InvalidRequest("There is no picture to begin with; choose a PNG, JPEG or WebP file.")
    text("The fit", fit, limit=100)
    if fit not in FITS:
        raise InvalidRequest(f"There is no fit named '{fit}'; choose one of: {', '.join(FITS)}.")


def text(label: str, value: Any, limit: int = MAX_PROMPT) -> None:
    """Check that a value is text of whole characters, at most ``limit`` of them."""
    if not isinstance(value, str):
        raise InvalidRequest(f"{label} must be text, not {type(value).__name__}.")
    if len(value) > limit:
        raise InvalidRequest(f"{label} has {len(value):,} characters; use at most {limit:,}.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest(f"{label} holds half a character (a lone surrogate); type it again.") from error


def number(label: str, value: Any, low: float, high: float) -> None:
    """Check that a value is a finite number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidRequest(f"{label} must be a number from {low} to {high}.")
    if not low <= value <= high:
        raise InvalidRequest(f"{label} is {value}; choose a number from {low} to {high}.")


def whole(task: Any) -> None:
    """Make a whole number of a float that is one, where a task means one: JavaScript and JSON may write 42 as 42.0."""
    for field in fields(task):
        value = getattr(task, field.name)
        if field.type is int and isinstance(value, float) and value.is_integer():
            object.__setattr__(task, field.name, int(value))


def integer(label: str, value: Any, low: int, high: int, zero_means: str = "") -> None:
    """Check that a value is a whole number from ``low`` to ``high``, or zero where that means something."""
    hint = f"from {low} to {high}" + (f", or 0 for {zero_means}" if zero_means else "")
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidRequest(f"{label} must be a whole number {hint}.")
    if not (low <= value <= high or (zero_means and value == 0)):
        raise InvalidRequest(f"{label} is {value}; choose a whole number {hint}.")
