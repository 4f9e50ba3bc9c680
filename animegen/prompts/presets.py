"""The presets: how many steps, how much guidance and which sampler, from a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from animegen.messages import Message, message
from animegen.prompts import tables

FAST: Final = "fast"
"""The preset that uses LCM on a model with LCM weights."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset: its labels, the values that it fills into a request, and the message id of its note, if any.

    ``size`` is the side of a square picture in pixels, 0 for the model's own. ``lcm`` are the values that differ on a
    model with LCM weights.
    """

    name: str
    label: str
    label_ja: str
    steps: int
    guidance_scale: float
    sampler: str
    size: int = 0
    note_id: str = ""
    lcm: Mapping[str, Any] = field(default_factory=dict)

    @property
    def note(self) -> Message | None:
        """What the user should know about it, if anything."""
        return message(self.note_id) if self.note_id else None


@cache
def presets() -> Mapping[str, Preset]:
    """Return the presets by their names, the fastest first."""
    return {name: Preset(name, **row) for name, row in tables.read("presets").items()}


def preset(name: str) -> Preset:
    """Return the preset of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(presets(), "prompts.preset", name)


def with_lcm(preset: Preset, sampler: str) -> Preset:
    """Return a preset on a model with LCM weights; ``sampler`` is that of the request, empty for the preset's.

    The fast preset uses LCM unless another sampler is requested; the others use it when it is.
    """
    lcm = presets()[FAST].lcm
    default = lcm["sampler"] if preset.name == FAST else preset.sampler
    return replace(preset, **lcm) if (sampler or default) == lcm["sampler"] else preset
