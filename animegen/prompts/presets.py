"""The presets: how many steps, how much guidance and which sampler, from a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from animegen.prompts import tables


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset: its labels, what it fills into a task, and a remark for the page (empty where there is none).

    ``size`` is the side of a square picture in pixels, 0 where it is the model's own.
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


@cache
def presets() -> Mapping[str, Preset]:
    """Return the presets by their names, the fastest first."""
    return {name: Preset(name, **row) for name, row in tables.read("presets").items()}


def preset(name: str) -> Preset:
    """Return the preset of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(presets(), "preset", name)
