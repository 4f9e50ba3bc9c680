"""The presets: how many steps, how much guidance and which sampler, from a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from animegen.prompts import tables

FAST: Final = "fast"
"""The preset that draws by LCM where a model has weights for it."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset: its labels, what it fills into a task, and a remark for the page (empty where there is none).

    ``size`` is the side of a square picture in pixels, 0 where it is the model's own. ``lcm`` is what else it is on a
    model with LCM weights.
    """

    name: str
    label: str
    label_ja: str
    steps: int
    guidance_scale: float
    sampler: str
    size: int = 0
    note: str = ""
    note_ja: str = ""
    lcm: Mapping[str, Any] = field(default_factory=dict)


@cache
def presets() -> Mapping[str, Preset]:
    """Return the presets by their names, the fastest first."""
    return {name: Preset(name, **row) for name, row in tables.read("presets").items()}


def preset(name: str) -> Preset:
    """Return the preset of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(presets(), "preset", name)


def with_lcm(usual: Preset, sampler: str) -> Preset:
    """Return what a preset is on a model with LCM weights, where a request names a ``sampler`` or none.

    The fast one draws by LCM unless another sampler is named, and every one does where LCM's is.
    """
    few = presets()[FAST].lcm
    own = few["sampler"] if usual.name == FAST else usual.sampler
    return replace(usual, **few) if (sampler or own) == few["sampler"] else usual
