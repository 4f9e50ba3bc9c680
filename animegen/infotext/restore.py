"""A request from what a picture's settings say; nothing they say is trusted, and every change is told."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from animegen.errors import InvalidRequest
from animegen.infotext.text import Parameters
from animegen.prompts.appearance import features
from animegen.prompts.emotions import emotions
from animegen.prompts.presets import presets
from animegen.prompts.quality import qualities
from animegen.prompts.styles import styles
from animegen.tasks import MAX_PROMPT, MAX_SEED, TextToImage

USUAL: Final = TextToImage(prompt="1girl")
_SIZE: Final = re.compile(r"(\d{1,9})x(\d{1,9})")
_USED: Final = frozenset(
    (
        *("Steps", "Sampler", "Schedule type", "CFG scale", "Seed", "Size", "Model", "Model hash", "RNG", "Version"),
        *("Raw prompt", "Emotion", "Emotion strength", "Style", "Quality", "Preset"),
        *("Hair style", "Hair colour", "Outfit"),
    )
)
"""Keys that are understood, or that say nothing a person would miss."""


def to_task(parameters: Parameters, *, samplers: Collection[str] = ()) -> tuple[TextToImage, tuple[str, ...]]:
    """Return the request that draws the picture again, and a sentence for each value that had to be changed.

    Pictures of animegen come back with their pickers and their final prompt; those of other programs with the
    prompt alone, and nothing is added to it. ``samplers`` are the names that the studio knows; where none are
    given, any name is taken. Raises InvalidRequest when there is no prompt.
    """
    said = _Pairs(parameters.pairs)
    prompt, raw = (
        said.text("prompt", parameters.prompt),
        said.text("raw prompt", parameters.pairs.get("Raw prompt", "")),
    )
    if not prompt.strip():
        raise InvalidRequest("These settings hold no prompt; type one, or choose another picture.")
    width, height = said.size()
    task = TextToImage(
        prompt=raw or prompt,
        final_prompt=prompt if raw else "",
        negative_prompt=said.text("negative prompt", parameters.negative_prompt),
        emotion=said.choice("Emotion", emotions(), "none"),
        emotion_strength=said.fraction("Emotion strength", 1, USUAL.emotion_strength),
        hair_style=said.choice("Hair style", features("hair_style"), "none"),
        hair_colour=said.choice("Hair colour", features("hair_colour"), "none"),
        outfit=said.choice("Outfit", features("outfit"), "none"),
        style=said.choice("Style", styles(), "none"),
        quality=said.choice("Quality", qualities(), "draft"),
        preset=said.choice("Preset", presets(), USUAL.preset),
        steps=said.whole("Steps", 1, 150, 0),
        guidance_scale=said.fraction("CFG scale", 30, 0.0),
        sampler=said.sampler(samplers),
        width=width,
        height=height,
        seed=said.seed(),
    )
    said.tell_unused()
    return task, tuple(said.notes)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The pairs of a text, read one by one; what had to be changed is told in ``notes``."""

    pairs: Mapping[str, str]
    notes: list[str] = field(default_factory=list)

    def text(self, label: str, value: str) -> str:
        if len(value) > MAX_PROMPT:
            self.notes.append(f"The {label} has {len(value):,} characters; the first {MAX_PROMPT:,} are used.")
        return value[:MAX_PROMPT]

    def choice(self, key: str, names: Collection[str], otherwise: str) -> str:
        value = self.pairs.get(key, otherwise)
        if value in names:
            return value
        self._changed(key, value, otherwise)
        return otherwise

    def fraction(self, key: str, high: float, otherwise: float) -> float:
        try:
            value = float(self.pairs.get(key, otherwise))
        except ValueError:
            value = math.nan
        within = min(max(value, 0.0), float(high)) if math.isfinite(value) else otherwise
        if value != within:
            self._changed(key, self.pairs[key], within)
        return within

    def whole(self, key: str, low: int, high: int, otherwise: int) -> int:
        if key not in self.pairs:
            return otherwise
        try:
            value = int(self.pairs[key])
        except ValueError:
            self._changed(key, self.pairs[key], otherwise or "the preset's")
            return otherwise
        within = min(max(value, low), high)
        if value != within:
            self._changed(key, self.pairs[key], within)
        return within

    def seed(self) -> int:
        value = self.pairs.get("Seed", "-1")
        if re.fullmatch(r"[0-9]{1,10}|-1", value) and int(value) <= MAX_SEED:
            return int(value)
        self._changed("Seed", value, "a new one")
        return -1

    def size(self) -> tuple[int, int]:
        value = self.pairs.get("Size", "")
        if not (match := _SIZE.fullmatch(value)):
            if value:
                self._changed("Size", value, "the model's own")
            return 0, 0
        width, height = (min(max(int(side), 64), 2048) for side in match.groups())
        if (width, height) != tuple(map(int, match.groups())):
            self._changed("Size", value, f"{width}x{height}")
        return width, height

    def sampler(self, known: Collection[str]) -> str:
        name, schedule = self.pairs.get("Sampler", ""), self.pairs.get("Schedule type", "")
        if schedule not in ("", "Automatic") and not name.endswith(f" {schedule}"):
            name = f"{name} {schedule}"
        if len(name) <= 100 and (not known or not name or name in known):
            return name
        self._changed("Sampler", name, "the preset's")
        return ""

    def tell_unused(self) -> None:
        if unused := [key for key in self.pairs if key not in _USED]:
            self.notes.append(f"These settings mean nothing here and are left out: {', '.join(unused[:8])}.")

    def _changed(self, key: str, value: str, now: Any) -> None:
        shown = value if len(value) <= 40 else f"{value[:40]}…"
        self.notes.append(f"{key} '{shown}' cannot be used here; it is {now} now.")
